"""From a competition's download to what an agent may see and to the answers.

`prepare` runs a competition's ``prepare.py``, compares what comes out with the checksums that the
competition states, and puts it in place in one step: whatever happens on the way, there is either
all of the prepared data or none.
"""

from __future__ import annotations

from mlegrade.prepare._bson import bson_documents, bson_integers, bson_without
from mlegrade.prepare._coco import split_classes
from mlegrade.prepare._folders import Folder
from mlegrade.prepare._images import png_size
from mlegrade.prepare._kaggle import Access, check_access
from mlegrade.prepare._numbers import read_csv_as_pandas_2
from mlegrade.prepare._parquet import parquet_parts, write_parquet
from mlegrade.prepare._plan import Plan, Prepared
from mlegrade.prepare._run import prepare
from mlegrade.prepare._sizes import PUBLISHED, Size, size
from mlegrade.prepare._tables import (
    append_csv,
    filled,
    first_of_json,
    one_hot,
    split,
    split_by,
    write_csv,
    write_json,
)
from mlegrade.prepare._tfrecords import feature_of_records
from mlegrade.prepare._workspace import Workspace

__all__ = [
    "PUBLISHED",
    "Access",
    "Folder",
    "Plan",
    "Prepared",
    "Size",
    "Workspace",
    "append_csv",
    "bson_documents",
    "bson_integers",
    "bson_without",
    "check_access",
    "feature_of_records",
    "filled",
    "first_of_json",
    "one_hot",
    "parquet_parts",
    "png_size",
    "prepare",
    "read_csv_as_pandas_2",
    "size",
    "split",
    "split_by",
    "split_classes",
    "write_csv",
    "write_json",
    "write_parquet",
]
