"""mlegrade grades submissions to MLE-bench's Kaggle competitions."""
