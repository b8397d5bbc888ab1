#!/bin/sh
# The plug-in manager TPM runs this: set -g @plugin 'OWNER/sessionctl' in tmux.conf.
# It binds the keys of sessionctl, which is installed apart (see README.md); the options
# @sessionctl-save-key, @sessionctl-restore-key, @sessionctl-open-key ("none" for none) and
# @sessionctl-restore (on: bring the sessions of last time back) decide, set before TPM runs.
if ! command -v sessionctl >/dev/null 2>&1; then
  tmux display-message 'sessionctl: not on the PATH of tmux, no keys are bound'
  exit 0
fi
exec sessionctl tmux load
