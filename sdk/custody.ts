// Where everything is that an account has: each holding, who holds it, and what stands behind it there.
import type { BlockTag } from "ethers";
import type { IERC20Metadata } from "../types/ethers-contracts/@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { IRewardsDistributor } from "../types/ethers-contracts/contracts/interfaces/IRewardsDistributor.ts";
import type { IVenueAllocator } from "../types/ethers-contracts/contracts/interfaces/IVenueAllocator.ts";
import { type AccountId, ownerOf } from "./accountId.ts";
import { mulDivDown, WAD } from "./mathLib.ts";
import { readAccount } from "./reader.ts";

/** What a place owes to all and holds of one asset. */
export interface Reserve {
  readonly asset: string;
  /** sum of all claims on it [assets] */
  readonly owedAssets: bigint;
  /** its balance; more than it owes where somebody sent some without a claim [assets] */
  readonly heldAssets: bigint;
  /** on its way out of the registry */
  readonly isDelisted: boolean;
}

/** One claim of an account: so much of one asset in one place. */
export interface CustodyRow {
  readonly place: string;
  /** the contract that has the tokens */
  readonly holder: string;
  readonly asset: string;
  /** what the account can claim there [assets] */
  readonly assets: bigint;
  /** the place, of all accounts */
  readonly reserve: Reserve;
  /** the account's part of what is owed there, rounded down; 0 when nothing is owed [wad] */
  readonly shareWad: bigint;
  /** whether the place holds at least what it owes of the asset */
  readonly isCovered: boolean;
}

/** A place that may hold something of an account; each tells its own rows. */
export interface CustodyPlace {
  readonly name: string;
  /** what is claimed there by an account, and what the place owes and holds of each asset that is claimed */
  read(account: AccountId, blockTag: BlockTag): Promise<readonly Claim[]>;
}

/** What a place says of one account and one asset. */
export interface Claim {
  readonly holder: string;
  readonly assets: bigint;
  readonly reserve: Reserve;
}

/** Everything that an account has, at one block. */
export interface CustodyReport {
  readonly account: AccountId;
  readonly owner: string;
  readonly block: number;
  /** in the order of the places, and in each by asset */
  readonly rows: readonly CustodyRow[];
  /** whether every row is covered */
  readonly isCovered: boolean;
}

/**
 * Where each unit of an account is.
 * @param account Its id; one that was never used has no rows.
 * @param places The vault, and whatever else may hold something of it; `vaultPlace` alone for collateral in custody.
 * @param block All places are read at it.
 */
export async function custodyReport(
  account: AccountId,
  places: readonly CustodyPlace[],
  block: number,
): Promise<CustodyReport> {
  const claims = await Promise.all(
    places.map(async (place) => ({ place, found: await place.read(account, block) })),
  );
  const rows = claims.flatMap(({ place, found }) => found.map((claim) => toRow(place.name, claim)));
  return {
    account,
    owner: ownerOf(account),
    block,
    rows,
    isCovered: rows.every(({ isCovered }) => isCovered),
  };
}

/** Collateral in the custody of the vault. */
export function vaultPlace(vault: ICollateralVault): CustodyPlace {
  return {
    name: "vault",
    async read(account, blockTag) {
      const [{ snapshot }, reserves, holder] = await Promise.all([
        readAccount(vault, account, blockTag),
        readReserves(vault, blockTag),
        vault.getAddress(),
      ]);
      return snapshot.collaterals.map(({ asset, assets }) => ({
        holder,
        assets,
        reserve: reserveOf(reserves, asset),
      }));
    },
  };
}

/**
 * What an account has in a sleeve: its part of what is idle there, and of what each venue is worth. The shares themselves are
 * collateral in the vault.
 */
export function sleevePlace(
  vault: ICollateralVault,
  sleeve: IVenueAllocator,
  token: Pick<IERC20Metadata, "balanceOf">,
): CustodyPlace {
  return {
    name: "sleeve",
    async read(account, blockTag) {
      const at = { blockTag };
      const holder = await sleeve.getAddress();
      const [shares, supply, asset, idleAssets, venues, heldAssets] = await Promise.all([
        vault.holdingOf(account, holder, at),
        sleeve.totalSupply(at),
        sleeve.asset(at),
        sleeve.idleAssets(at),
        sleeve.venues(at),
        token.balanceOf(holder, at),
      ]);
      if (shares === 0n) return [];
      const parts = [
        { holder, owedAssets: idleAssets, heldAssets },
        ...venues.map(({ venue, worthAssets, saidAssets }) => ({
          holder: venue,
          owedAssets: worthAssets,
          heldAssets: saidAssets,
        })),
      ];
      return parts.map(({ holder, ...part }) => ({
        holder,
        assets: mulDivDown(part.owedAssets, shares, supply),
        reserve: { asset, ...part, isDelisted: false },
      }));
    },
  };
}

/** What an account earned by its collateral and was not paid. Never cover. */
export function rewardsPlace(
  vault: ICollateralVault,
  distributor: IRewardsDistributor,
): CustodyPlace {
  return {
    name: "rewards",
    async read(account, blockTag) {
      const at = { blockTag };
      const holder = await distributor.getAddress();
      const { snapshot } = await readAccount(vault, account, blockTag);
      const claims: Claim[] = [];
      for (const { asset } of snapshot.collaterals) {
        for (const { token } of await distributor.streamsOf(asset, at)) {
          const [assets, { owedAssets, heldAssets }] = await Promise.all([
            distributor.claimable(account, asset, token, at),
            distributor.reservesOf(token, at),
          ]);
          const reserve = { asset: token, owedAssets, heldAssets, isDelisted: false };
          claims.push({ holder, assets, reserve });
        }
      }
      return claims;
    },
  };
}

/** What the vault owes and holds of every asset, by id. */
export async function readReserves(
  vault: ICollateralVault,
  blockTag: BlockTag = "latest",
): Promise<readonly Reserve[]> {
  const rows = await vault.reserves({ blockTag });
  return rows.map(({ asset, owedAssets, heldAssets, isDelisted }) => ({
    asset,
    owedAssets,
    heldAssets,
    isDelisted,
  }));
}

function toRow(place: string, { holder, assets, reserve }: Claim): CustodyRow {
  const { asset, owedAssets, heldAssets } = reserve;
  return {
    place,
    holder,
    asset,
    assets,
    reserve,
    shareWad: owedAssets === 0n ? 0n : mulDivDown(assets, WAD, owedAssets),
    isCovered: heldAssets >= owedAssets,
  };
}

function reserveOf(reserves: readonly Reserve[], asset: string): Reserve {
  const found = reserves.find((reserve) => reserve.asset === asset);
  if (found === undefined)
    throw new RangeError(`asset ${asset} found, the vault lists no such one`);
  return found;
}
