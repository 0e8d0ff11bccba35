"""What is wrong with a Keras network, with the evidence."""

from nnhelpers.diagnosis.examination import Examination, ExaminedLayer
from nnhelpers.diagnosis.examine import examine
from nnhelpers.diagnosis.findings import DISEASES, Disease, Finding
from nnhelpers.diagnosis.sabotages.recipe import Recipe
from nnhelpers.diagnosis.sabotages.sabotaged import SABOTAGES, Exam, Sabotage, exam, sabotage
