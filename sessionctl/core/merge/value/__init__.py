"""The merge of one value: inline tables by key, arrays by element, texts by line."""
