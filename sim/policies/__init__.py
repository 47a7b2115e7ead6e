"""What people decide: functions from picture arrays to plan arrays, with no view of the truth."""
