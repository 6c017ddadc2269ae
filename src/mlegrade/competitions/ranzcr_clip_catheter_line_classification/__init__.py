"""RANZCR CLiP - Catheter and Line Position Challenge."""
