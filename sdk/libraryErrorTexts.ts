// What the errors of the libraries under the contracts (OpenZeppelin, the compiler) mean to a person.
// The same form as errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Errors of OpenZeppelin and the compiler, by name. */
export const LIBRARY_ERROR_TEXTS: Readonly<Record<string, ErrorText>> = {
  AccessManagedInvalidAuthority: final(
    "{authority} cannot be the authority.",
    "A contract that manages access.",
    "Check the address.",
  ),
  AccessManagedRequiredDelay: final(
    "{caller} may do this only after a delay of {delay} s.",
    "It is scheduled first.",
    "Call `schedule` of the access manager, wait, then `execute`.",
  ),
  AccessManagedUnauthorized: final(
    "{caller} has not the role for this.",
    "Only the role that governs the function.",
    "Send from an account with the role; see docs/roles.md.",
  ),
  AccessManagerAlreadyScheduled: final(
    "The operation {operationId} is already scheduled.",
    "An operation is scheduled once at a time.",
    "Execute or cancel it.",
  ),
  AccessManagerBadConfirmation: final(
    "The confirmation is not the caller's own address.",
    "A role is renounced by its holder.",
    "Send from the holder, with its own address.",
  ),
  AccessManagerExpired: final(
    "The operation {operationId} has expired.",
    "It is executed within a week after its delay.",
    "Schedule it again.",
  ),
  AccessManagerInvalidInitialAdmin: final(
    "{initialAdmin} cannot be the first admin.",
    "An address other than zero.",
    "Name another.",
  ),
  AccessManagerLockedFunction: final(
    "The function {selector} of the access manager cannot be given to a role.",
    "Functions of the manager itself are the admin's.",
    "Send from the admin.",
  ),
  AccessManagerLockedRole: final(
    "Role {roleId} cannot be changed.",
    "The admin and the public role stay as they are.",
    "Choose another role.",
  ),
  AccessManagerNotReady: retryable(
    "The operation {operationId} still waits for its delay.",
    "It is executed after the delay.",
    "Wait.",
  ),
  AccessManagerNotScheduled: final(
    "The operation {operationId} is not scheduled.",
    "A delayed operation is scheduled first.",
    "Call `schedule`, wait, then `execute`.",
  ),
  AccessManagerUnauthorizedAccount: final(
    "{msgsender} has not role {roleId}.",
    "Only holders of the role.",
    "Send from a holder; see docs/roles.md.",
  ),
  AccessManagerUnauthorizedCall: final(
    "{caller} may not call {selector} of {target}.",
    "Only the role that governs the function.",
    "Send from a holder of the role; see docs/roles.md.",
  ),
  AccessManagerUnauthorizedCancel: final(
    "{msgsender} may not cancel what {caller} scheduled: {selector} of {target}.",
    "The scheduler, the admin, or a guardian of the role.",
    "Send from one of them.",
  ),
  AccessManagerUnauthorizedConsume: final(
    "{target} may not consume a scheduled operation.",
    "Only the managed contract, while it runs.",
    "Execute it through the access manager.",
  ),
  AddressEmptyCode: final(
    "There is no code at {target}.",
    "A contract.",
    "Check the address and the chain.",
  ),
  ERC20InsufficientAllowance: final(
    "{spender} may spend {allowance}, and {needed} is needed.",
    "An allowance of at least the payment.",
    "Call `approve` of the token first.",
  ),
  ERC20InsufficientBalance: retryable(
    "{sender} has {balance}, and {needed} is needed.",
    "A balance of at least the payment.",
    "Get more of the token, or pay less.",
  ),
  ERC20InvalidApprover: final(
    "{approver} cannot approve.",
    "An address other than zero.",
    "Check the address.",
  ),
  ERC20InvalidReceiver: final(
    "{receiver} cannot receive the token.",
    "An address other than zero.",
    "Check the address.",
  ),
  ERC20InvalidSender: final(
    "{sender} cannot send the token.",
    "An address other than zero.",
    "Check the address.",
  ),
  ERC20InvalidSpender: final(
    "{spender} cannot be approved.",
    "An address other than zero.",
    "Check the address.",
  ),
  ERC4626ExceededMaxDeposit: retryable(
    "{receiver} was to get shares for {assets}.",
    "The pool takes {max} more.",
    "Deposit less, or wait for room under the cap.",
  ),
  ERC4626ExceededMaxMint: retryable(
    "{receiver} was to get {shares} shares.",
    "The pool issues {max} more.",
    "Mint fewer, or wait for room under the cap.",
  ),
  ERC4626ExceededMaxRedeem: retryable(
    "{owner} was to redeem {shares} shares.",
    "At most {max}: its shares, as far as the pool has idle cash.",
    "Redeem fewer, or wait for repayments.",
  ),
  ERC4626ExceededMaxWithdraw: retryable(
    "{owner} was to withdraw {assets}.",
    "At most {max}: what its shares are worth, as far as the pool has idle cash.",
    "Withdraw less, or wait for repayments.",
  ),
  ERC5267ExtensionsNotSupported: final(
    "A domain of typed data has extensions.",
    "Domains of the vault have none.",
    "It is not thrown by the vault; report it.",
  ),
  Error: final(
    "The call was refused: {reason}.",
    "The refusing contract does not say.",
    "Look up the sentence in the contract that was called.",
  ),
  FailedCall: final(
    "A call that the contract made failed without a reason.",
    "It succeeds.",
    "Simulate the inner call alone.",
  ),
  InsufficientBalance: final(
    "The contract has {balance} wei, and {needed} is needed.",
    "A balance of at least the payment.",
    "Send value with the call.",
  ),
  OwnableInvalidOwner: final(
    "{owner} cannot be the owner.",
    "An address other than zero.",
    "Name another.",
  ),
  OwnableUnauthorizedAccount: final(
    "{account} is not the owner.",
    "Only the owner, or who is about to become it.",
    "Send from the owner's account.",
  ),
  Panic: final(
    "The contract hit its inner error {code}.",
    "No input leads there.",
    "Read the arguments again; if they are right, report it.",
  ),
  ReentrancyGuardReentrantCall: final(
    "The contract was called while it was in the middle of a call.",
    "One call at a time.",
    "Call it after the running call has ended.",
  ),
  SafeCastOverflowedIntDowncast: final(
    "{value} is too large.",
    "A number of {bits} bits.",
    "Give a smaller amount.",
  ),
  SafeCastOverflowedUintDowncast: final(
    "{value} is too large.",
    "A number of {bits} bits.",
    "Give a smaller amount.",
  ),
  SafeERC20FailedOperation: final(
    "The token {token} did not do what it was told.",
    "Transfers succeed.",
    "Check balance and allowance, and whether the token blocks one of the addresses.",
  ),
};
