import { formatCount } from "../../sdk/charts/format.ts";
import { markdownTable } from "../document.ts";
import { PAGED } from "./health.ts";
import { LEAST_CHARGED_SIZE, LEAST_SIZE_BYTES, PRICES } from "./rollup.ts";
import type { Results } from "./results.ts";
import {
  CALL_GAS,
  gasPerRound,
  gasPerRow,
  healthAt,
  type NumberTable,
  percent,
  rowsPerCall,
  sizesOf,
  tablesOf,
} from "./tables.ts";

/** Accounts that the keeper asks for in a call. */
const PAGE = 100;

/** The section of docs/benchmarks.md. */
export function renderScaleSection(results: Results): string {
  const tables = tablesOf(results);
  return `## Scale

\`\`\`sh
npm run bench:scale    # measures, prints the tables, writes this section and out/scale.html with the curves
\`\`\`

Gas is exact, from receipts on a local chain (Osaka). Times are medians on one machine (${results.machine}) that does other work
beside: another run may differ by a third. What a withdrawal and a liquidation cost by the size of the account stands [above](#gas-by-size-of-the-account).

### Health

${healthText(results)}

${markdown(tables.health)}

${pagesText(results)}

${markdown(tables.pages)}

### A lender's loss

${lendersText(results)}

${markdown(tables.lenders)}

### Rounds of a refresh

${roundsText(results)}

${markdown(tables.rounds)}

### A look of the keeper

${keeperText(results)}

${markdown(tables.keeper)}

## On a rollup

${rollupText()}

${markdown(tables.bytes)}

${feesText(results)}

${markdown(tables.fees)}`;
}

function markdown({ head, body }: NumberTable): string {
  return markdownTable(head, body);
}

function healthText({ health: { cells } }: Results): string {
  const { collaterals, debts } = sizesOf(cells);
  const first = healthAt(cells, 1, 1);
  const perCollateral = (healthAt(cells, collaterals, 1) - first) / (collaterals - 1);
  const perDebt = (healthAt(cells, 1, debts) - first) / (debts - 1);
  return `\`healthOf\` of one account, execution only (a call pays no 21,000): a collateral adds ${gas(perCollateral)}, a debt ${gas(perDebt)}.`;
}

function pagesText({ health }: Results): string {
  return `Of many accounts in one call, each with ${PAGED.collaterals} collaterals and ${PAGED.debts} debts: feeds and pools are warm after the first, then an account costs ${gas(gasPerRow(health))}.
${formatCount(rowsPerCall(health))} of them fit in an \`eth_call\` of ${CALL_GAS / 1e6} million gas, which is what geth grants by default; the keeper asks for pages of ${PAGE}.`;
}

function lendersText({ lenders }: Results): string {
  const withdrawals = lenders.map(({ withdraw }) => withdraw);
  const apart = Math.max(...withdrawals) - Math.min(...withdrawals);
  const constant = new Set(lenders.map(({ writeOff }) => writeOff)).size === 1;
  return `An insolvent account with one collateral is written off; the pool has hardly a reserve and no stakes, so its lenders bear the loss, through the
price of a share. The write-off costs ${constant ? "the same gas to the unit" : "nearly the same"} for any number of lenders, a withdrawal after it is within ${apart} gas. The same total is lent by
1 to ${formatCount(lenders.at(-1)?.lenders ?? 0)}, each time on a new chain.`;
}

function roundsText({ rounds }: Results): string {
  return `A round read by \`refresh\` adds ${gas(gasPerRound(rounds, "refresh"))}, an observation of \`refreshPair\` (a round of each of two feeds) ${gas(gasPerRound(rounds, "refreshPair"))}; the rest is
fixed, for a pair with the targets of its haircuts. Rounds are an hour apart, and 24 of them are a day.`;
}

function keeperText({ keeper }: Results): string {
  const last = keeper.at(-1);
  if (last === undefined) return "";
  const { accounts, filterMs, doubtful } = last;
  const pages = Math.ceil(doubtful / PAGE);
  return `Accounts of seed 7, each with ${PAGED.collaterals} of eight collaterals and ${PAGED.debts} of four kinds of cash, worth 1,000 to 1,000,000 USD, one in seventy uncovered; all were
read at once, ten minutes before. Since then one asset fell by 2 % and the others moved by 0.2 %.

- _Filter_ is what every step does in memory (\`doubtfulAmong\`): who must be read again.
- _Evaluation_ is the sdk's health and status of an account from its snapshot (\`healthMath\`): what the lens does on the chain.
- \`findTasks\` runs over all rows here, in a step only over those that were read.
- _Memory_ is the heap for what is remembered of an account.

Medians of 5 to 101 passes over all accounts, after passes that do not count over at least 200,000 accounts, and after a whole run on 10,000; for more
than 100,000 accounts the same 100,000 snapshots are evaluated again and again. A look at ${formatCount(accounts)} accounts takes ${(filterMs / 1_000).toFixed(1)} s of filter; then ${percent(doubtful / accounts)} are
read through the lens, ${formatCount(pages)} calls of ${PAGE} accounts.`;
}

function rollupText(): string {
  const [cheap, dear] = PRICES;
  return `What a transaction pays on a chain of the OP Stack: gas there, and a fee for its data by the
[formula of Fjord](https://specs.optimism.io/protocol/fjord/exec-engine.html#fjord-l1-cost-fee-changes-fastlz-estimator): the size of the signed
transaction after FastLZ × 0.8365 − 42.6 bytes, **at least 100 bytes**. FastLZ is that of solady, which the chains use. Scalars are those of Base since
Fjord: 2,269 and 1,055,762 millionths ([base/contract-deployments#188](https://github.com/base/contract-deployments/pull/188)). A
transaction of at most ${LEAST_CHARGED_SIZE} bytes after FastLZ is charged the minimum; signature, prices, nonce and receiver are about 110 of them.

_Packed_ is an estimate: one byte for the operation, an own account as the byte of its tag, asset and pool as their number, amounts as floats of five
bytes, the sender as receiver unwritten. Unpacking is taken to cost nothing, so there would be less to save than what follows.

Assumed prices: _${cheap.name}_ is ${gwei(cheap.l2Gas)} gwei for gas of the L2, a base fee of ${gwei(cheap.l1BaseFee)} gwei and ${cheap.blobBaseFee} wei for blobs on L1; _${dear.name}_ is ${gwei(dear.l2Gas)},
${gwei(dear.l1BaseFee)} and ${gwei(dear.blobBaseFee)} gwei. Bytes:`;
}

function feesText({ rollup }: Results): string {
  const dear = rollup.map(({ operation, fees }) => ({ operation, fee: fees.at(-1) }));
  const best = dear.reduce((most, row) =>
    (row.fee?.saved ?? 0) > (most.fee?.saved ?? 0) ? row : most,
  );
  const savedGwei = (best.fee?.feeGwei ?? 0) - (best.fee?.packedGwei ?? 0);
  const atMinimum = rollup.filter(({ plain }) => plain.estimatedSize === LEAST_SIZE_BYTES).length;
  const byByte = rollup.map(({ savedByByte }) => savedByByte);
  return `Fees in gwei. _Saves by the byte_ is dear data on a chain that charges each byte after Brotli at the same price and has no minimum. On the OP Stack
packing saves at most ${percent(best.fee?.saved ?? 0)} (${best.operation}: ${savedGwei.toFixed(0)} gwei, ${usd(savedGwei)} at 2,500 USD a coin), since ${atMinimum} of ${rollup.length} operations
pay the minimum anyway; by the byte ${percent(Math.min(...byByte))} to ${percent(Math.max(...byByte))}. It is not built: [decision 0023](decisions/0023-no-packed-calldata.md).`;
}

function gas(number: number): string {
  return `${formatCount(Math.round(number))} gas`;
}

function gwei(wei: bigint): string {
  return String(Number(wei) / 1e9);
}

function usd(gweiOfFee: number): string {
  return `${((gweiOfFee / 1e9) * 2_500).toFixed(6)} USD`;
}
