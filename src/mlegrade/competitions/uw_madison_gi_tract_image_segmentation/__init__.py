"""UW-Madison GI Tract Image Segmentation."""
