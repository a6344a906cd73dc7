// What each custom error about custody and the acceptance of tokens means to a person; see errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Tokens that are owed to nobody. */
export const CUSTODY_TEXTS: Readonly<Record<string, ErrorText>> = {
  NothingToRecover: final(
    "The vault owes every unit of {token} that it holds.",
    "Only what is held beyond what is owed can be recovered.",
    "Compare `held` and `owed` of the token.",
  ),
  OwedTokensTaken: final(
    "After the transfer the vault holds {heldAssets} of {token} and owes {owedAssets}.",
    "A recovery leaves what accounts own.",
    "Do not recover this token: it takes more than it is asked to move.",
  ),
  RecoveryReceiverInvalid: final(
    "Recovered tokens would go to {receiver}.",
    "They leave the vault, to somebody.",
    "Name a receiver other than zero and the vault.",
  ),
};

/** Rewards of collateral: the vault's side and the distributor's. */
export const REWARD_TEXTS: Readonly<Record<string, ErrorText>> = {
  AssetNotServed: final(
    "The vault tells {servedBy} of {asset}, not this distributor.",
    "A distributor adds streams and takes lumps only for assets that the vault tells it of.",
    "Ask `rewardsOf(asset)` of the vault which distributor serves it.",
  ),
  AssetStillHeld: final(
    "Accounts hold {totalAssets} of {asset}.",
    "A distributor is replaced or removed only while nobody holds the asset.",
    "Add a stream to the present distributor, or wait until all holders left.",
  ),
  CallerNotAccountOwner: final(
    "{caller} does not own account {account}.",
    "Only the owner chooses where the rewards of an account go.",
    "Send it as the owner.",
  ),
  CallerNotSelf: final(
    "{caller} called what only the distributor calls.",
    "Rewards are paid by `claim`.",
    "Call `claim`.",
  ),
  CallerNotTheVault: final(
    "{caller} is not the vault of this distributor.",
    "Only the vault tells what accounts hold.",
    "Deposit or withdraw through the vault.",
  ),
  DistributorOfAnotherVault: final(
    "The distributor {distributor} serves {found}.",
    "A distributor serves one vault, fixed when it is created.",
    "Create a distributor for this vault.",
  ),
  DistributorUsed: final(
    "The distributor {distributor} has {streams} streams of {asset}.",
    "An asset gets a distributor that never had a stream of it: it does not know what happened in between.",
    "Create a new distributor.",
  ),
  FundingTooLarge: final(
    "A lump of {assets} of {token} for {asset} exceeds what is left, {mostAssets}.",
    "All that ever arrives in one stream stays below 2^104 units.",
    "Fund less.",
  ),
  HarvestNotRegistered: final(
    "{token} is not registered as a reward for {asset}.",
    "Only tokens that governance registered for an asset are harvested for it.",
    "Ask `harvestAssetOf(token)` for which asset it is.",
  ),
  NothingToHarvest: final(
    "The vault owes every unit of {token} that it holds.",
    "Only what is held beyond what is owed is harvested.",
    "Come back when rewards have arrived.",
  ),
  NothingToReturn: final(
    "The stream of {token} for {asset} has emitted all that arrived.",
    "Only what is unemitted can be taken back.",
    "Nothing is left to do.",
  ),
  ReturnReceiverInvalid: final(
    "Unemitted rewards would go to {receiver}.",
    "They leave the distributor, to somebody.",
    "Name a receiver other than zero and the distributor.",
  ),
  RewardPeriodOutOfBounds: final(
    "The period would be {foundFor} seconds.",
    "It is from {lowestFor} to {highestFor} seconds.",
    "Choose a period within the bounds.",
  ),
  RewardsNotRecoverable: final(
    "{token} is paid to the vault as a reward for holders of {asset}.",
    "Registered rewards are harvested, not recovered.",
    "Call `harvest`, or have the registration removed first.",
  ),
  RewardsNotSet: final(
    "{asset} has no distributor of rewards.",
    "Rewards are harvested for assets with a distributor.",
    "Set one with `setRewards` first.",
  ),
  RewardShortfall: final(
    "After the transfer the distributor holds {heldAssets} of {token} and owes {owedAssets}.",
    "Reward tokens move by exactly the amount and their balances do not shrink.",
    "Use another token, or send what is missing to the distributor.",
  ),
  StreamInvalid: final(
    "A stream of {token} for {asset} cannot be added.",
    "An asset has one stream of a token, and the token is not zero.",
    "Use the stream that is there.",
  ),
  StreamNotFound: final(
    "{asset} has no stream of {token}.",
    "Lumps and claims name a token that the asset has a stream of.",
    "Ask `streamsOf(asset)` for its tokens.",
  ),
  StreamRunning: final(
    "The stream of {token} for {asset} runs.",
    "Only a stopped stream is resumed or returned.",
    "Stop it first.",
  ),
  TooManyStreams: final(
    "{asset} has {most} streams already.",
    "More would cost every deposit, withdrawal and liquidation too much gas.",
    "Fund one of the streams that are there.",
  ),
  ZeroRewards: final(
    "A lump of nothing for {asset} in {token}.",
    "A lump is at least one unit.",
    "Give an amount.",
  ),
};

/** What a token must be, and the end of one. */
export const ACCEPTANCE_TEXTS: Readonly<Record<string, ErrorText>> = {
  ProbeMissing: retryable(
    "The vault holds {heldAssets} of {token}.",
    "A listing tries the transfers of the token with {neededAssets}.",
    "Send the vault that much of the token first; it can be recovered afterwards.",
  ),
  TransferNotExact: final(
    "After a transfer of the trial {holder} holds {foundAssets} of {token}.",
    "Exactly {expectedAssets} are left and arrive.",
    "Do not list this token: it takes fees or changes balances. List a wrapper of it, if there is one.",
  ),
  DoubleEntry: final(
    "A transfer of {token} moved the vault's balance of {listedAsset}, which is listed.",
    "Each balance has one address in the registry.",
    "Use the listed address.",
  ),
  DelistedAsset: final(
    "{asset} is delisted.",
    "It takes no new holding and no pair; only more of what an account already holds, while it counts for a debt.",
    "Use another collateral.",
  ),
  NotDelisted: final(
    "{asset} is in service.",
    "Only delisted collateral is sent home by anyone.",
    "Let the owner withdraw it.",
  ),
  HaircutStillGliding: retryable(
    "The maintenance haircut of {asset} in pool {pool} is {maintenancePpm}.",
    "Delisted collateral is sent home at {neededPpm}.",
    "Wait: it rises by five points a day. The owner may withdraw before.",
  ),
};
