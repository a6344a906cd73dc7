// The checklist of a listing, one finding after the other, and the calls that governance would schedule.
import { Interface, type JsonRpcProvider, ZeroAddress } from "ethers";
import { feedAt } from "../../sdk/feed.ts";
import { tokenAt, vaultAt } from "../../sdk/contracts.ts";
import { isRefusal } from "../../sdk/errors.ts";
import { readMarket, type MarketView } from "../../sdk/market.ts";
import { probeAssets } from "../../sdk/probe.ts";
import { toUnits, toUnitsDown, toUnitsUp } from "../../sdk/units.ts";
import { ICollateralVault__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { findVault } from "../../keeper/connection.ts";
import { roleOf } from "../../deploy/roles.ts";
import { capFinding, feedFindings, type FeedFacts, pairFindings, priceOf } from "./judge.ts";
import { ratedValue, rateFindings } from "./judgeRate.ts";
import { readRate } from "./readRate.ts";
import type { Finding } from "./finding.ts";
import type { Proposal } from "./proposal.ts";
import { simulateListing } from "./simulate.ts";

/** A call of a role, and how the holder of the role schedules it. */
export interface ScheduledCall {
  readonly role: string;
  readonly method: string;
  readonly target: string;
  readonly data: string;
  /** `AccessManager.schedule(target, data, 0)`: as soon as the role's delay allows */
  readonly schedule: string;
}

/** What was found. */
export interface Examination {
  readonly chainId: bigint;
  readonly block: number;
  readonly vault: string;
  readonly manager: string;
  readonly asset: string;
  readonly findings: readonly Finding[];
  /** empty when the calldata cannot be made: decimals are unknown */
  readonly calls: readonly ScheduledCall[];
  readonly isRefused: boolean;
}

const MAX_DECIMALS = 18n;
const MAX_ASSETS = 24;
const MANAGED = new Interface(["function authority() view returns (address)"]);
const MANAGER = new Interface(["function schedule(address target, bytes data, uint48 when)"]);
const NAMES = new Interface(["function name() view returns (bytes32)"]);

/** Goes through the checklist. Throws what the node throws, and `VaultNotFound`. */
export async function examine(provider: JsonRpcProvider, proposal: Proposal): Promise<Examination> {
  await findVault(provider, proposal.vault);
  const vault = vaultAt(proposal.vault, provider);
  const [{ chainId }, block, market, answer] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock("latest"),
    readMarket(vault),
    provider.call({ to: proposal.vault, data: MANAGED.encodeFunctionData("authority") }),
  ]);
  const manager = String(MANAGED.decodeFunctionResult("authority", answer)[0]);
  const token = await examineToken(provider, proposal);
  const main = await readFacts(provider, proposal.feed);
  const second =
    proposal.second === undefined ? undefined : await readFacts(provider, proposal.second.feed);
  const nowAt = BigInt(block?.timestamp ?? 0);
  const { rate } = proposal;
  const told = rate === undefined ? undefined : await readRate(provider, rate, nowAt);
  const answerValue = priceOf(main);
  const findings: Finding[] = [
    ...registryFindings(market, proposal),
    ...token.findings,
    ...feedFindings(proposal, main, second, nowAt),
    ...(rate === undefined || told === undefined ? [] : rateFindings(rate, told, answerValue)),
    ...pairFindings(proposal, market),
    capFinding(proposal, told === undefined ? answerValue : ratedValue(answerValue, told)),
  ];
  const isReadable = token.decimals !== undefined && main.decimals !== undefined;
  const calls = isReadable ? callsOf(proposal, Number(main.decimals), token.decimals ?? 0) : [];
  const [listing] = calls;
  if (listing !== undefined) {
    findings.push(await simulated(provider, proposal, manager, listing.data, token.missing));
  }
  return {
    chainId,
    block: block?.number ?? 0,
    vault: proposal.vault,
    manager,
    asset: proposal.asset,
    findings,
    calls,
    isRefused: findings.some(({ verdict }) => verdict === "refused"),
  };
}

// ---- registry and token ----

function registryFindings({ assets }: MarketView, { asset }: Proposal): readonly Finding[] {
  const known = assets.find((row) => row.asset === asset);
  const left = MAX_ASSETS - assets.length;
  return [
    known === undefined
      ? { check: "registry", verdict: "ok", found: "the token is not listed yet" }
      : {
          check: "registry",
          verdict: "refused",
          found: `the token is asset ${known.id} already`,
          remedy:
            "Nothing: a listing is for ever, also of a delisted asset. Change its feed with setFeed.",
        },
    {
      check: "slots",
      verdict: left > 0 ? "ok" : "refused",
      found: `${left} of ${MAX_ASSETS} places are free`,
      ...(left > 0 ? {} : { remedy: "This vault takes no more assets. Deploy another one." }),
    },
  ];
}

interface TokenFacts {
  readonly findings: readonly Finding[];
  readonly decimals: number | undefined;
  /** what the vault lacks for the trial [assets] */
  readonly missing: bigint;
}

async function examineToken(provider: JsonRpcProvider, proposal: Proposal): Promise<TokenFacts> {
  const { asset, vault } = proposal;
  if ((await provider.getCode(asset)) === "0x") {
    const remedy = "Check --asset, and that --rpc is a node of its chain.";
    const finding = { check: "token", verdict: "refused", found: "no code there", remedy } as const;
    return { findings: [finding], decimals: undefined, missing: 0n };
  }
  const token = tokenAt(asset, provider);
  const decimals = await unlessRefused(token.decimals());
  const isCarried = decimals !== undefined && decimals <= MAX_DECIMALS;
  const findings: Finding[] = [
    { check: "token", verdict: "ok", found: `${await nameOf(provider, asset)}, a contract` },
    {
      check: "decimals",
      verdict: isCarried ? "ok" : "refused",
      found: decimals === undefined ? "it does not say its decimals" : `${decimals} decimals`,
      ...(isCarried ? {} : { remedy: `Allowed: at most ${MAX_DECIMALS}. List a wrapper of it.` }),
    },
  ];
  if (!isCarried) return { findings, decimals: undefined, missing: 0n };
  const needed = probeAssets(Number(decimals));
  const held = (await unlessRefused(token.balanceOf(vault))) ?? 0n;
  const missing = held >= needed ? 0n : needed - held;
  findings.push({
    check: "trial amount",
    verdict: missing === 0n ? "ok" : "open",
    found: `the vault holds ${held} base units of ${needed}`,
    ...(missing === 0n
      ? {}
      : { remedy: `Before the listing is executed send ${missing} base units to the vault.` }),
  });
  return { findings, decimals: Number(decimals), missing };
}

/** the name as text or as 32 bytes; a token without one may be listed as well */
async function nameOf(provider: JsonRpcProvider, asset: string): Promise<string> {
  const text = await unlessRefused(tokenAt(asset, provider).name());
  if (text !== undefined) return `"${text}"`;
  const data = NAMES.encodeFunctionData("name");
  const raw = await unlessRefused(provider.call({ to: asset, data }));
  if (raw === undefined || raw.length < 66) return "without a name";
  const bytes = Buffer.from(raw.slice(2, 66), "hex");
  return `"${bytes.toString("utf8").replaceAll("\0", "")}" (a name of 32 bytes)`;
}

// ---- feeds ----

async function readFacts(provider: JsonRpcProvider, address: string): Promise<FeedFacts> {
  if ((await provider.getCode(address)) === "0x") return { hasCode: false };
  const feed = feedAt(address, provider);
  const [decimals, round] = await Promise.all([
    unlessRefused(feed.decimals()),
    unlessRefused(feed.latestRoundData()),
  ]);
  if (decimals === undefined || round === undefined) return { hasCode: true };
  const [roundId, answer, , updatedAt, answeredInRound] = round;
  return { hasCode: true, decimals, roundId, answer, updatedAt, answeredInRound };
}

// ---- calls and the trial ----

function callsOf(
  proposal: Proposal,
  feedDecimals: number,
  decimals: number,
): readonly ScheduledCall[] {
  const { vault, asset, second, rate } = proposal;
  const abi = ICollateralVault__factory.createInterface();
  const config = {
    feed: proposal.feed,
    maxAgeFor: proposal.maxAgeFor,
    lowestAnswer: toUnitsUp(proposal.lowestPrice, feedDecimals),
    highestAnswer: toUnitsDown(proposal.highestPrice, feedDecimals),
    secondFeed: second?.feed ?? ZeroAddress,
    secondMaxAgeFor: second?.maxAgeFor ?? 0n,
    maxDeviationBps: second?.maxDeviationBps ?? 0n,
    rate:
      rate === undefined
        ? { provider: ZeroAddress, selector: "0x00000000", decimals: 0n, growthPpm: 0n }
        : {
            provider: rate.provider,
            selector: rate.selector,
            decimals: rate.decimals,
            growthPpm: rate.growthPpm,
          },
  };
  const call = (method: "listAsset" | "setPair" | "setSupplyCap", data: string): ScheduledCall => ({
    role: roleOf(method === "listAsset" ? "governor" : "riskSteward").label,
    method,
    target: vault,
    data,
    schedule: MANAGER.encodeFunctionData("schedule", [vault, data, 0n]),
  });
  const cap = toUnits(proposal.cap, decimals);
  return [
    call("listAsset", abi.encodeFunctionData("listAsset", [asset, config, 0n])),
    ...proposal.pairs.map(({ pool, ...pair }) =>
      call("setPair", abi.encodeFunctionData("setPair", [asset, pool, pair])),
    ),
    ...(cap === 0n
      ? []
      : [call("setSupplyCap", abi.encodeFunctionData("setSupplyCap", [asset, cap]))]),
  ];
}

async function simulated(
  provider: JsonRpcProvider,
  { vault, asset, holder }: Proposal,
  manager: string,
  listing: string,
  missingAssets: bigint,
): Promise<Finding> {
  const check = "trial";
  const result = await simulateListing(provider, {
    vault,
    manager,
    token: asset,
    listing,
    missingAssets,
    holder,
  });
  switch (result.type) {
    case "passed":
      return {
        check,
        verdict: "ok",
        found: "the listing itself was run, not sent, and passed with its trial of transfers",
      };
    case "refused":
      return {
        check,
        verdict: "refused",
        found: `the listing itself was run, not sent: ${result.reason}`,
        remedy: "Correct what it names.",
      };
    case "impossible":
      return {
        check,
        verdict: "open",
        found: `not simulated: ${result.reason}`,
        remedy:
          "The listing tries the transfers anyway when it is executed, and fails if they are not exact.",
      };
  }
}

/** what a contract refuses to say is unknown; a node that does not answer is not excused */
async function unlessRefused<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}
