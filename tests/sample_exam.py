"""A small exam with two parts, for tests that need one to be sat."""

from app.exams.loader import Exam, read_exam

TEXT = """\
format: 1
exam: small
title: A small exam
subtitle: For trying things
institution: Nowhere
language: en
minutes: 90
points: 3
aids: None.
instructions: Good luck.
problems:
  - id: "1"
    title: Two parts
    points: 3
    parts:
      - id: 1a
        points: 1
        prompt: Which of these are even?
        fields:
          choice: {kind: choices, options: [one, two, three]}
        solution: Two.
        model_answer: {choice: [2]}
        marking:
          - {id: right, points: 1, for: Just the second option., check: {ticked: [2]}}
      - id: 1b
        points: 2
        prompt: How many minutes are two hours?
        fields:
          count: {kind: number}
        solution: "120"
        model_answer: {count: "120"}
        marking:
          - {id: right, points: 2, for: It is 120., check: {number: 120}}
"""


def sample_exam(title: str = "A small exam") -> Exam:
    return read_exam(TEXT.replace("A small exam", title))
