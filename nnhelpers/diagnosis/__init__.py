"""What is wrong with a Keras network, with the evidence."""

from nnhelpers.diagnosis.findings import DISEASES, Disease, Finding
