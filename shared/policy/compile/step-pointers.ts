/** Where a result keeps what an explanation of a step adds to. */
export type StepPointers = {
  readonly paidByPayer: string;
  readonly year: StepFigurePointers;
  readonly parts: StepFigurePointers;
};

/** Of a step of the year, or of the earlier parts of a stay. */
export type StepFigurePointers = {
  readonly whole: string;
  readonly base: string;
  readonly deductible: string;
  readonly paid: string;
  readonly selfPay: string;
};

export function stepPointers(id: string, payer: string): StepPointers {
  return {
    paidByPayer: `/yearToDate/paid/${payer}`,
    year: figuresAt(`/yearToDate/byStep/${id}`),
    parts: figuresAt(`/earlierParts/byStep/${id}`),
  };
}

function figuresAt(whole: string): StepFigurePointers {
  return {
    whole,
    base: `${whole}/base`,
    deductible: `${whole}/deductible`,
    paid: `${whole}/paid`,
    selfPay: `${whole}/selfPay`,
  };
}
