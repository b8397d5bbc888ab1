"""The structural merge: documents as units that are merged one by one and put in order."""
