// The swaps that a keeper chooses for what a liquidation is planned to bring.
import { expect } from "chai";
import fc from "fast-check";
import { type Piece, profitCashOf, type Swap, uniswapV3Venue } from "../../keeper/venue.ts";

const WETH = `0x${"11".repeat(20)}`;
const WBTC = `0x${"22".repeat(20)}`;
const USDC = `0x${"33".repeat(20)}`;
const DAI = `0x${"44".repeat(20)}`;
const WAD = 10n ** 18n;
const BPS = 10_000n;
// [USD wad per 1e18 base units]
const WETH_PRICE = 2_000n * WAD;
const WBTC_PRICE = 60_000n * 10n ** 28n;
const USDC_PRICE = 10n ** 30n;

const PRICES = new Map([
  [WETH, WETH_PRICE],
  [WBTC, WBTC_PRICE],
  [USDC, USDC_PRICE],
]);

function piece(asset: string, cash: string, usd: bigint): Piece {
  const price = PRICES.get(asset) ?? 0n;
  const cashPrice = cash === USDC ? USDC_PRICE : WAD;
  return {
    asset,
    price,
    seizedAssets: (usd * 102n * WAD * WAD) / price / 100n,
    cash,
    cashPrice,
    owedAssets: (usd * WAD * WAD) / cashPrice,
  };
}

const tokensOf = ({ path }: Swap) => [path.slice(0, 42), `0x${path.slice(48)}`];
const feeOf = ({ path }: Swap) => Number.parseInt(path.slice(42, 48), 16);

describe("venue", () => {
  it("sells a collateral whole for its only cash, at the oracle's price less the slippage", () => {
    const pieces = [piece(WETH, USDC, 10_000n)];
    const swaps = uniswapV3Venue(3_000, 100n)(pieces, profitCashOf(pieces));
    // 5.1 WETH at 2,000 USD, less 1 %
    const [swap] = swaps;
    expect(swaps).to.have.length(1);
    expect(swap).to.include({ shareBps: BPS, amountIn: (51n * WAD) / 10n });
    expect(swap?.minimumOut).to.equal(10_098_000_000n);
    expect(swap && [tokensOf(swap), feeOf(swap)]).to.deep.equal([[WETH, USDC], 3_000]);
  });

  it("counts profit in the cash in which most is owed", () => {
    const pieces = [piece(WETH, DAI, 5_000n), piece(WETH, USDC, 8_000n), piece(WBTC, DAI, 4_000n)];
    expect(profitCashOf(pieces)).to.deep.equal({ token: DAI, price: WAD });
    expect(() => profitCashOf([])).to.throw(RangeError);
  });

  it("sells for every other cash what its debt needs at the worst price, and the rest for profit", () => {
    const pieces = [piece(WETH, DAI, 4_000n), piece(WETH, USDC, 6_000n), piece(WBTC, DAI, 1_000n)];
    const swaps = uniswapV3Venue(500, 50n)(pieces, profitCashOf(pieces));
    expect(swaps.map(tokensOf)).to.deep.equal([
      [WETH, DAI],
      [WETH, USDC],
      [WBTC, DAI],
      [WBTC, USDC],
    ]);
    // 4,000 / 0.995 / 10,200 = 39.42 %, up to whole bps; then all that is left
    expect(swaps.map(({ shareBps }) => shareBps)).to.deep.equal([3_942n, BPS, 9_854n, BPS]);
  });

  it("does not sell a collateral for itself", () => {
    const own = { ...piece(WETH, USDC, 1_000n), asset: USDC, price: USDC_PRICE };
    expect(uniswapV3Venue(500, 50n)([own], { token: USDC, price: USDC_PRICE })).to.deep.equal([]);
  });

  it("keeps of a cash that comes what its own debt needs, and sells the rest", () => {
    const own = { ...piece(WETH, USDC, 1_000n), asset: USDC, price: USDC_PRICE };
    // 1,500 USDC come for a debt of 1,000, and pay half of one of 4,000 DAI beside
    const coming = { ...own, seizedAssets: 1_500_000_000n };
    const pieces = [coming, piece(WETH, DAI, 4_000n)];
    const [first, ...others] = uniswapV3Venue(500, 100n)(pieces, { token: DAI, price: WAD });
    expect(first && tokensOf(first)).to.deep.equal([USDC, DAI]);
    // 1,010 are kept: 490 of 1,500
    expect(first).to.include({ amountIn: 490_000_000n, shareBps: 3_266n });
    expect(others.map(tokensOf)).to.deep.equal([[WETH, DAI]]);
    const short = [{ ...coming, seizedAssets: 900_000_000n }];
    expect(uniswapV3Venue(500, 100n)(short, { token: DAI, price: WAD })).to.deep.equal([]);
  });

  it("pays every debt whenever each sale brings its minimum", () => {
    const usd = fc.bigInt({ min: 100n, max: 1_000_000n });
    const asset = fc.constantFrom(WETH, WBTC, USDC);
    const cash = fc.constantFrom(USDC, DAI);
    const drawn = fc.array(fc.tuple(asset, cash, usd), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(drawn, fc.bigInt({ min: 1n, max: 150n }), (rows, slippageBps) => {
        const pieces = rows.map(([from, to, worth]) => piece(from, to, worth));
        const swaps = uniswapV3Venue(500, slippageBps)(pieces, profitCashOf(pieces));
        const held = new Map<string, bigint>();
        const add = (token: string, assets: bigint) =>
          held.set(token, (held.get(token) ?? 0n) + assets);
        for (const { asset: from, seizedAssets } of pieces) add(from, seizedAssets);
        for (const swap of swaps) {
          const [from = "", to = ""] = tokensOf(swap);
          const sold = ((held.get(from) ?? 0n) * swap.shareBps) / BPS;
          add(from, -sold);
          add(to, (swap.minimumOut * sold) / swap.amountIn);
        }
        for (const { cash: to, owedAssets } of pieces) add(to, -owedAssets);
        // a base unit of USDC for every rounding
        for (const assets of held.values()) expect(assets >= -20n * 10n ** 12n).to.equal(true);
        expect((held.get(USDC) ?? 0n) >= -20n).to.equal(true);
      }),
    );
  });
});
