// What a margin call's transactions are: beside the operations of the table.
import { toAccountId } from "../../sdk/accountId.ts";
import { AMOUNT, done, HOUR_FOR, PRICE, type Sent, type Stage, sentOf } from "../stage.ts";
import type { Surety } from "../surety.ts";

/** Below the maintenance line, and above it again [USD] */
const CALLED_USD = 1_785n;
const COVERED_USD = 1_800n;

export interface Calls {
  readonly issue: Sent;
  readonly clear: Sent; // which pauses the call
}

/** Opens an account that a fall makes callable; to be done after all operations of the table, which approve. */
export async function sendCalls(stage: Stage, surety: Surety): Promise<Calls> {
  const { oneDebtor, keeper } = stage.people;
  const to = await oneDebtor.getAddress();
  const account = toAccountId(to, 0n);
  const asOwner = surety.vault.connect(oneDebtor);
  const asKeeper = surety.vault.connect(keeper);
  stage.pass(HOUR_FOR);
  await stage.setPrices(PRICE.first);
  await done(() => asOwner.deposit(account, stage.collaterals[0].address, AMOUNT.deposit));
  await done(() => asOwner.borrow(account, 0n, AMOUNT.riskyDebt, to));
  await stage.setPrices(CALLED_USD);
  const issue = await sentOf(() => asKeeper.issueMarginCall(account));
  await stage.setPrices(COVERED_USD);
  const clear = await sentOf(() => asKeeper.clearMarginCall(account));
  return { issue, clear };
}
