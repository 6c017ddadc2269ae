"""Google QUEST Q&A Labeling: how people judge questions and answers."""

from mlegrade.metrics import spearman_correlation
from mlegrade.schema import Grading, Key, Number, Numbers, Table

OF_QUESTION = (
    "asker_intent_understanding", "body_critical", "conversational", "expect_short_answer",
    "fact_seeking", "has_commonly_accepted_answer", "interestingness_others",
    "interestingness_self", "multi_intent", "not_really_a_question", "opinion_seeking",
    "type_choice", "type_compare", "type_consequence", "type_definition", "type_entity",
    "type_instructions", "type_procedure", "type_reason_explanation", "type_spelling",
    "well_written",
)  # fmt: skip
OF_ANSWER = (
    "helpful", "level_of_information", "plausible", "relevance", "satisfaction",
    "type_instructions", "type_procedure", "type_reason_explanation", "well_written",
)  # fmt: skip
TARGETS = tuple(f"question_{n}" for n in OF_QUESTION) + tuple(f"answer_{n}" for n in OF_ANSWER)

GRADING = Grading(
    submission=Table(Key("qa_id"), Numbers(TARGETS, Number("", varies=True)), extra_columns=False),
    answers=Table(Key("qa_id"), Numbers(TARGETS)),
    metric=spearman_correlation,
)
