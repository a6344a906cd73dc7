// Why nothing can be explained. Each error says what was found, what is allowed and what to do.

/** A transaction hash is 32 bytes in hexadecimal. */
export class TransactionHashInvalid extends Error {
  override readonly name = "TransactionHashInvalid";
  readonly text: string;

  constructor(text: string) {
    super(
      `"${text}" found, allowed: a transaction hash, 0x and 64 hexadecimal digits. Copy it whole, as the keeper logs it.`,
    );
    this.text = text;
  }
}

/** The vault's address is none. */
export class VaultAddressInvalid extends Error {
  override readonly name = "VaultAddressInvalid";
  readonly text: string;

  constructor(text: string) {
    super(
      `"${text}" found as the vault, allowed: an address, 0x and 40 hexadecimal digits with a right checksum. Copy it whole, or leave it out.`,
    );
    this.text = text;
  }
}

/** The chain has no such transaction, as far as this node knows. */
export class TransactionUnknown extends Error {
  override readonly name = "TransactionUnknown";
  readonly transactionHash: string;
  readonly chainId: bigint;

  constructor(transactionHash: string, chainId: bigint) {
    super(
      `No transaction ${transactionHash} found on chain ${chainId}. Check the hash, and that the node is one of its chain.`,
    );
    this.transactionHash = transactionHash;
    this.chainId = chainId;
  }
}

/** The transaction waits to be mined. */
export class TransactionPending extends Error {
  override readonly name = "TransactionPending";
  readonly transactionHash: string;

  constructor(transactionHash: string) {
    super(`Transaction ${transactionHash} is not mined yet. Ask again once it is.`);
    this.transactionHash = transactionHash;
  }
}

/** The transaction was mined and refused. */
export class TransactionReverted extends Error {
  override readonly name = "TransactionReverted";
  readonly transactionHash: string;
  readonly block: number;

  constructor(transactionHash: string, block: number) {
    super(
      `Transaction ${transactionHash} was mined in block ${block} and failed: it liquidated nobody. Take the one that succeeded, most likely another liquidator's.`,
    );
    this.transactionHash = transactionHash;
    this.block = block;
  }
}

/** The transaction holds no liquidation or write-off by the vault. */
export class NoLiquidation extends Error {
  override readonly name = "NoLiquidation";
  readonly transactionHash: string;
  readonly vaultsFound: readonly string[];

  constructor(
    transactionHash: string,
    found: {
      readonly vault?: string;
      readonly events: number;
      readonly vaultsFound: readonly string[];
    },
  ) {
    const by = found.vault === undefined ? "" : ` of the vault ${found.vault}`;
    const others =
      found.vaultsFound.length === 0
        ? "Take the transaction of a liquidation or a write-off."
        : `One was found of ${found.vaultsFound.join(", ")}: name that vault.`;
    super(
      `Transaction ${transactionHash} has no liquidation or write-off${by}; ${found.events} other events found. ${others}`,
    );
    this.transactionHash = transactionHash;
    this.vaultsFound = found.vaultsFound;
  }
}

/** Liquidations of several vaults in one transaction, and none was named. */
export class VaultAmbiguous extends Error {
  override readonly name = "VaultAmbiguous";
  readonly vaultsFound: readonly string[];

  constructor(transactionHash: string, vaultsFound: readonly string[]) {
    super(
      `Transaction ${transactionHash} has liquidations of ${vaultsFound.length} vaults: ${vaultsFound.join(", ")}. Name one of them.`,
    );
    this.vaultsFound = vaultsFound;
  }
}

/** What emitted a liquidation's event does not answer as a vault of Surety. */
export class NotAVault extends Error {
  override readonly name = "NotAVault";
  readonly vault: string;

  constructor(vault: string, chainId: bigint, cause: unknown) {
    super(
      `${vault} on chain ${chainId} emitted the event of a liquidation, but does not answer as a vault of Surety. Name the vault, and use the sdk of its deployment.`,
      { cause },
    );
    this.vault = vault;
  }
}
