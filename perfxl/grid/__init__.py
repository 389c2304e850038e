"""What a worksheet holds, as read: cells with value, number format and formula; merged areas; how a number is printed."""
