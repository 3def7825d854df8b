"""What a command shows, through rich: tables, text, progress. Imports nothing of the package."""
