"""What later runs read: receipts, the ledger, stored poses and motions, the lock; and how files are written whole."""
