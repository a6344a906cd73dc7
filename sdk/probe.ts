// What the listing of an asset tries its transfers with; the same number as in contracts/vault/TransferProbes.sol.

const PROBE_LEAST_ASSETS = 10_000n; // a fee of one basis point of it is a whole unit
const PROBE_SHARE_DECIMALS = 6; // a millionth of a token

/**
 * How much of a token the vault must hold before it is listed: max(10^(decimals − 6), 10,000), at most one token.
 * @param decimals Of the token.
 * @returns [base units]
 */
export function probeAssets(decimals: number): bigint {
  const share = 10n ** BigInt(Math.max(decimals - PROBE_SHARE_DECIMALS, 0));
  const least = share > PROBE_LEAST_ASSETS ? share : PROBE_LEAST_ASSETS;
  const token = 10n ** BigInt(decimals);
  return least < token ? least : token;
}
