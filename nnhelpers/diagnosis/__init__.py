"""Find out what is wrong with a Keras network, with the evidence."""

from nnhelpers.diagnosis.examination import DISEASES, Disease, Examination, ExaminedLayer, Finding
from nnhelpers.diagnosis.examine import examine
from nnhelpers.diagnosis.sabotages.recipe import Recipe
from nnhelpers.diagnosis.sabotages.sabotaged import SABOTAGES, Exam, Sabotage, exam, sabotage
