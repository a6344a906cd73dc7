/** Operations in the order of an account's life; the words are those of the table. */
export const OPERATIONS = {
  a1: "deposit collateral, first",
  a2: "deposit, again",
  b1: "borrow, first",
  b2: "borrow, again",
  b2x3: "borrow, again, 3 collaterals",
  c1: "repay, part",
  c2: "repay, all",
  d1: "withdraw collateral, debt open",
  d1x3: "withdraw, debt open, 3 collaterals",
  d2: "withdraw all, no debt",
  e1: "liquidate part, 1 collateral",
  e3: "liquidate part, 3 collaterals",
  f1: "lend, first",
  f2: "lend, again",
  f3: "lend, withdraw part",
  f4: "lend, withdraw all",
  g1: "deposit + borrow, first",
  g2: "deposit + borrow, again",
} as const;

export type OperationId = keyof typeof OPERATIONS;

export const OPERATION_IDS = Object.keys(OPERATIONS).filter(
  (id): id is OperationId => id in OPERATIONS,
);

/** Gas of the operations that a protocol has. */
export type Gas = Readonly<Partial<Record<OperationId, number>>>;

/** `a1 deposit collateral, first`: for tables and labels. */
export function nameOf(id: OperationId): string {
  return `${id.slice(0, 2)} ${OPERATIONS[id]}`;
}
