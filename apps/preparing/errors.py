"""What can be wrong with a recipe, and what can stand in the way of preparing a view.

Nothing here ever shows a value of the data: a cell that cannot be read may be about somebody.
"""

from apps.policy.reason import declare

ROWS_MALFORMED = declare(
    "VIEW_ROWS_MALFORMED",
    "The choice of rows cannot be read from character %(position)s on.",
    "Write comparisons joined by AND and OR, such as: country = 'DE' AND (age >= 18 OR consent IS NOT NULL).",
)
ROWS_TOO_LONG = declare(
    "VIEW_ROWS_TOO_LONG",
    "The choice of rows has more than %(most)s characters.",
    "Choose rows by fewer comparisons.",
)
ROWS_COLUMN_UNKNOWN = declare(
    "VIEW_ROWS_COLUMN_UNKNOWN",
    "Rows are chosen by «%(column)s», which the version does not have.",
    "Name a column of the version, in double quotes where its name is not a plain word.",
)
STEP_COLUMN_UNKNOWN = declare(
    "VIEW_COLUMN_UNKNOWN",
    "The version has no column «%(column)s».",
    "Name the columns as the version does.",
)
STEP_COLUMN_TWICE = declare(
    "VIEW_COLUMN_TWICE", "«%(column)s» is named twice.", "Say once what becomes of each column."
)
STEP_WIDTH = declare(
    "VIEW_STEP_WIDTH",
    "For «%(column)s» it is not said how wide a bin is.",
    "Give a number above 0, such as 10.",
)
STEP_SPAN = declare(
    "VIEW_STEP_SPAN", "For «%(column)s» it is not said which period stays.", "Choose month or year."
)
STEP_LETTERS = declare(
    "VIEW_STEP_LETTERS",
    "For «%(column)s» it is not said how many letters stay.",
    "Give a whole number from %(least)s to %(most)s.",
)
STEP_COUNT = declare(
    "VIEW_STEP_COUNT",
    "For «%(column)s» it is not said how many values stay.",
    "Give a whole number from %(least)s to %(most)s.",
)
NOTHING_LEFT = declare(
    "VIEW_NOTHING_LEFT", "No column would be left.", "Say of at least one column that it stays."
)
NOTHING_CHANGED = declare(
    "VIEW_NOTHING_CHANGED",
    "Every column and every row would stay: that is the version itself.",
    "Drop, mask or generalize a column, or choose rows.",
)
COLUMNS_DIFFER = declare(
    "VIEW_COLUMNS_DIFFER",
    "A file has other columns than the version is said to have: %(unexpected)s of them nobody named, and"
    " these are missing: %(missing)s.",
    "Register a version that names the columns as the files do, and prepare the view of that.",
)
COLUMN_TWICE_IN_FILE = declare(
    "VIEW_FILE_COLUMN_TWICE",
    "A file has two columns of one name.",
    "Give every column of the file a name of its own.",
)
COLUMN_NESTED = declare(
    "VIEW_COLUMN_NESTED",
    "«%(column)s» holds parts within its values (%(type)s), and nobody can say of each what becomes of it.",
    "Drop the column, or store its parts as columns of their own.",
)
COLUMN_TYPE = declare(
    "VIEW_COLUMN_TYPE",
    "«%(column)s» is stored as %(type)s, a type that is not read.",
    "Drop the column, or store it as texts, numbers, days, moments or truth values.",
)
COLUMN_UNFIT = declare(
    "VIEW_COLUMN_UNFIT",
    "What is said of «%(column)s» (%(step)s) cannot be done with all of its values (%(type)s).",
    "Choose another step for the column, or mend the data.",
)
ROWS_UNFIT = declare(
    "VIEW_ROWS_UNFIT",
    "«%(column)s» (%(type)s) cannot be compared with what the choice of rows names for all of its values.",
    "Compare numbers with numbers, days with days such as '2026-01-31', texts with texts in single quotes.",
)
TOO_MANY_VALUES = declare(
    "VIEW_TOO_MANY_VALUES",
    "«%(column)s» has more than %(most)s different values, so that the most frequent ones mean little.",
    "Keep the beginnings of its texts instead, mask it or drop it.",
)
FILE_UNREADABLE = declare(
    "VIEW_FILE_UNREADABLE",
    "File %(file)s of %(files)s is not a sound %(format)s file.",
    "Check that every row has as many cells as the first, that texts are UTF-8, that no row is longer than"
    " one megabyte and that no file is encrypted or cut off; store it anew, and prepare the view again.",
)
FILE_FORMAT = declare(
    "VIEW_FILE_FORMAT",
    "File %(file)s of %(files)s is neither Parquet nor CSV by its name.",
    "Views are prepared of .parquet and .csv files. Store the data so, in a version of its own.",
)
NO_FILES = declare(
    "VIEW_NO_FILES",
    "No data lie at the place of the version.",
    "Check where the version lies, and store its files there.",
)
TOO_MANY_FILES = declare(
    "VIEW_TOO_MANY_FILES",
    "The version has more than %(most)s files.",
    "Store it in fewer files, in a version of its own.",
)
FILE_UNPACKS_TOO_LARGE = declare(
    "VIEW_FILE_UNPACKS_TOO_LARGE",
    "File %(file)s would unpack to %(size)s MB; up to %(most)s MB are read of one file.",
    "Store the data in more and smaller files, in a version of its own.",
)
TOO_MANY_ROWS = declare(
    "VIEW_FILE_TOO_MANY_ROWS",
    "File %(file)s says that it has %(rows)s rows; up to %(most)s are read of one file.",
    "Store the data in more and smaller files, in a version of its own.",
)
TOO_MANY_COLUMNS = declare(
    "VIEW_FILE_TOO_MANY_COLUMNS",
    "File %(file)s has %(columns)s columns; up to %(most)s are read of one file.",
    "Store fewer columns in one file, in a version of its own.",
)
VALUES_TOO_LARGE = declare(
    "VIEW_VALUES_TOO_LARGE",
    "The values of %(rows)s rows would take %(size)s MB; up to %(most)s MB are held at once.",
    "Drop the column with the long values, or store what it holds as files of their own.",
)
ROW_GROUP_TOO_LARGE = declare(
    "VIEW_ROW_GROUP_TOO_LARGE",
    "A row group of file %(file)s holds %(size)s MB; up to %(most)s MB are read at once.",
    "Write the file with smaller row groups, of a million rows or fewer.",
)

COLUMNS_UNKNOWN = declare(
    "VIEW_COLUMNS_UNKNOWN",
    "Nobody has said which columns version %(version)s has.",
    "Register a version with its columns, and prepare the view of that.",
)
NO_PLACE = declare(
    "VIEW_NO_PLACE",
    "Version %(version)s lies nowhere, so there is nothing to copy.",
    "Register a version with the place where its data lie.",
)
NO_FILES_THERE = declare(
    "VIEW_LAKE_WITHOUT_FILES",
    "Version %(version)s does not lie in an object store.",
    "Where a provider can open single columns, ask for those; no copy is needed.",
)
NO_ROOM = declare(
    "VIEW_NO_ROOM",
    "In %(lake)s there is no place that is free for views: every root belongs to data already.",
    "Ask an administrator to add a root to the connection, such as a bucket of its own for views.",
)
NAME_TAKEN = declare(
    "VIEW_NAME_TAKEN",
    "There is already a dataset called «%(name)s» in this domain.",
    "Choose another name for the view.",
)
NOT_A_DATASET = declare(
    "VIEW_NOT_A_DATASET", "«%(name)s» is a model.", "Views are prepared of datasets only."
)
SOURCE_RETIRED = declare(
    "VIEW_SOURCE_RETIRED",
    "«%(name)s» is retired: nothing new is made from it.",
    "Use another dataset.",
)
SECOND_PERSON = declare(
    "VIEW_SECOND_PERSON",
    "Whoever asked for a view does not confirm it, in whichever of their parts.",
    "Ask another steward, an owner or a compliance officer to look at the recipe.",
)
REASON_MISSING = declare(
    "VIEW_REASON_MISSING", "It is not said why the view is rejected.", "Say what should be otherwise."
)
TAKES_TOO_LONG = declare(
    "VIEW_TAKES_TOO_LONG",
    "Preparing the view took longer than %(minutes)s minutes and was given up.",
    "Register the data as several smaller versions, and prepare a view of each.",
)
OVERTAKEN = declare(
    "VIEW_OVERTAKEN",
    "Another run of this view has begun, or it was ended.",
    "Look at the view again.",
)
BROKE_OFF = declare(
    "VIEW_BROKE_OFF",
    "Preparing the view broke off (%(fault)s).",
    "Try again. If it stays so, show the id of the view to whoever runs the portal.",
)
