"""Files and figures in and out: tables, zip archives, CSV, PNG, and how a number is written."""
