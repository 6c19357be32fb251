"""What people type, field by field; whether it is allowed is the commands' business."""
