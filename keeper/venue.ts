// Where collateral is sold: from what a liquidation is planned to bring to the swaps of a FlashLiquidator. A venue
// of another kind is another function of the type `Venue`.
import { solidityPacked } from "ethers";
import { valueDown } from "../sdk/healthMath.ts";
import { BPS, max, min, mulDivDown, mulDivUp, WAD } from "../sdk/mathLib.ts";

/** What is worth less is not sold: it pays for no swap [value] */
const LEAST_SALE_VALUE = WAD;

/** Collateral that is planned to come, and the debt in one cash that it has to pay. */
export interface Piece {
  readonly asset: string;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** [assets] */
  readonly seizedAssets: bigint;
  readonly cash: string;
  /** [USD wad per 1e18 base units] */
  readonly cashPrice: bigint;
  /** fee included [assets] */
  readonly owedAssets: bigint;
}

/** `Swap` of `IFlashLiquidator`. */
export interface Swap {
  readonly path: string;
  /** of what the run has brought and has left [bps] */
  readonly shareBps: bigint;
  /** what `minimumOut` is for [assets] */
  readonly amountIn: bigint;
  /** [assets] */
  readonly minimumOut: bigint;
}

/** The cash that profit is counted in. */
export interface Cash {
  readonly token: string;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
}

/** Chooses the swaps that pay all debts of the pieces and leave the rest in one cash. */
export type Venue = (pieces: readonly Piece[], profit: Cash) => readonly Swap[];

/** The cash in which most is owed. Throws `RangeError` when there is no piece. */
export function profitCashOf(pieces: readonly Piece[]): Cash {
  const owed = new Map<string, bigint>();
  for (const { cash, cashPrice, owedAssets } of pieces) {
    owed.set(cash, (owed.get(cash) ?? 0n) + valueDown(owedAssets, cashPrice));
  }
  const [first, ...others] = pieces;
  if (first === undefined) throw new RangeError("found no piece, allowed: at least one");
  const worth = ({ cash }: Piece) => owed.get(cash) ?? 0n;
  const { cash, cashPrice } = others.reduce(
    (most, piece) => (worth(piece) > worth(most) ? piece : most),
    first,
  );
  return { token: cash, price: cashPrice };
}

/**
 * Direct pools of one fee tier on Uniswap v3. Of each collateral so much goes for every cash but that of the profit as its
 * debt needs in the worst case, and all that is left for the profit's.
 * @param slippageBps Each sale brings at least the oracle's price less this.
 */
export function uniswapV3Venue(feePpm: number, slippageBps: bigint): Venue {
  return (pieces, profit) => {
    const assets = [...new Set(pieces.map(({ asset }) => asset))];
    // a share is one of all that is there: what is a cash itself is sold before other sales bring more of it
    const isCash = (token: string) => pieces.some(({ cash }) => cash === token);
    const rank = (asset: string) => (asset === profit.token ? 1 : isCash(asset) ? 0 : 2);
    assets.sort((a, b) => rank(a) - rank(b));
    return assets.flatMap((asset) => {
      const own = pieces.filter((piece) => piece.asset === asset);
      return sellOne(own, profit, feePpm, slippageBps);
    });
  };
}

/** Swaps of one collateral. */
function sellOne(
  pieces: readonly Piece[],
  profit: Cash,
  feePpm: number,
  slippageBps: bigint,
): readonly Swap[] {
  const [first] = pieces;
  if (first === undefined) return [];
  const { asset, price } = first;
  let left = pieces.reduce((sum, { seizedAssets }) => sum + seizedAssets, 0n);
  // what is worth nothing, or next to it, may have no market: it stays with the liquidator
  if (valueDown(left, price) < LEAST_SALE_VALUE) return [];
  const swaps: Swap[] = [];
  const sell = (amountIn: bigint, shareBps: bigint, to: Cash) => {
    const fairAssets = mulDivDown(valueDown(amountIn, price), WAD, to.price);
    const minimumOut = max(mulDivDown(fairAssets, BPS - slippageBps, BPS), 1n);
    const path = solidityPacked(["address", "uint24", "address"], [asset, feePpm, to.token]);
    swaps.push({ path, shareBps, amountIn, minimumOut });
  };
  // what pays its own debt is not sold; where the debt is all there is, nothing is
  const kept = min(left, keptOf(pieces, slippageBps));
  left -= kept;
  const shareOf = (amount: bigint) => min(mulDivUp(amount, BPS, left + kept), BPS);
  for (const { cash, cashPrice, owedAssets } of byCash(pieces)) {
    if (cash === profit.token || cash === asset || left === 0n) continue;
    const worstPrice = mulDivDown(price, BPS - slippageBps, BPS);
    const needed = mulDivUp(mulDivUp(owedAssets, cashPrice, WAD), WAD, max(worstPrice, 1n));
    const shareBps = shareOf(min(needed, left));
    const amountIn = min(max(mulDivDown(left + kept, shareBps, BPS), 1n), left);
    sell(amountIn, shareBps, { token: cash, price: cashPrice });
    left -= amountIn;
  }
  if (left === 0n || asset === profit.token) return swaps;
  sell(left, kept === 0n ? BPS : mulDivDown(left, BPS, left + kept), profit);
  return swaps;
}

/** Of a collateral that is itself a cash that is owed: the debt, and a margin for what prices do until the block [assets] */
function keptOf(pieces: readonly Piece[], slippageBps: bigint): bigint {
  const own = pieces.filter(({ asset, cash }) => asset === cash);
  return mulDivUp(
    own.reduce((sum, { owedAssets }) => sum + owedAssets, 0n),
    BPS + slippageBps,
    BPS,
  );
}

/** Pieces of one collateral, one for each cash. */
function byCash(pieces: readonly Piece[]): readonly Piece[] {
  const found = new Map<string, Piece>();
  for (const piece of pieces) {
    const owedAssets = (found.get(piece.cash)?.owedAssets ?? 0n) + piece.owedAssets;
    found.set(piece.cash, { ...piece, owedAssets });
  }
  return [...found.values()];
}
