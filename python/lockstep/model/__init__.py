"""What all other folders speak of: values, executions, reports. Imports nothing of the package."""
