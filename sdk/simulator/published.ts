// What the peers publish, by the symbol of the collateral. Figures of mainnet markets; nothing here is a guess of ours.

/** One collateral of Aave v3. */
interface AaveV3Published {
  /** collateral taken for a debt of 1_00_00 [bps] */
  readonly liquidationBonusBps: bigint;
  /** share of the bonus that goes to the treasury [bps] */
  readonly protocolFeeBps: bigint;
}

/**
 * Aave v3, main market on Ethereum: `liquidationBonus` and `liquidationProtocolFee` of the reserve configurations as they were on
 * 3 July 2025. stETH is listed as wstETH.
 */
export const AAVE_V3_MAINNET: Readonly<Record<string, AaveV3Published>> = {
  WETH: { liquidationBonusBps: 105_00n, protocolFeeBps: 10_00n },
  WBTC: { liquidationBonusBps: 105_00n, protocolFeeBps: 10_00n },
  LINK: { liquidationBonusBps: 107_00n, protocolFeeBps: 10_00n },
  STETH: { liquidationBonusBps: 106_00n, protocolFeeBps: 10_00n },
};

/** One collateral of Compound v3. */
interface CompoundV3Published {
  /** share of its value that the account is credited for it, 1 − liquidation penalty [bps] */
  readonly liquidationFactorBps: bigint;
}

/**
 * Compound v3, mainnet cUSDTv3, the market that lists all four: `liquidationFactor` of the collaterals and
 * `storeFrontPriceFactor` (`deployments/mainnet/usdt/configuration.json` of compound-finance/comet). stETH is listed as wstETH.
 */
export const COMPOUND_V3_MAINNET_USDT: {
  readonly storeFrontPriceFactorBps: bigint;
  readonly collaterals: Readonly<Record<string, CompoundV3Published>>;
} = {
  storeFrontPriceFactorBps: 60_00n,
  collaterals: {
    WETH: { liquidationFactorBps: 95_00n },
    WBTC: { liquidationFactorBps: 95_00n },
    LINK: { liquidationFactorBps: 93_00n },
    STETH: { liquidationFactorBps: 95_00n },
  },
};
