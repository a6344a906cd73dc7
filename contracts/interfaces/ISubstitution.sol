// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice Exchange of collateral in one step, also under a margin call.
interface ISubstitution {
    /// How much of one collateral.
    struct Amount {
        address asset;
        uint256 assets; // [assets]
    }

    /// @notice Something must come in and something go out.
    error EmptyExchange(uint256 incoming, uint256 outgoing);
    /// @notice What comes in, at the lower of spot and slow average, is worth less than what goes out, at the higher.
    error ExchangeLosesValue(AccountId account, uint256 inValue, uint256 outValue);
    /// @notice An account that is not healthy takes in nothing with a larger haircut than what goes out.
    error WeakerCollateral(AccountId account, uint256 inHaircutPpm, uint256 outHaircutPpm);

    /// @notice Exchanges collateral. Passes when the account ends covered at its initial line; or when it is not beyond
    /// its close-out line, what comes in is worth no less than what goes out at the worse of spot and slow average, and
    /// neither E_I nor coverage falls. An account that is not healthy takes in nothing of a larger haircut. Cures a
    /// margin call when it ends at the initial line.
    /// @dev The caller pays what comes in and needs the right WITHDRAW, and DEPOSIT for a collateral that the account
    /// does not hold yet; what goes out goes to the owner. While the account owes, every price must be fresh.
    /// @param account The account.
    /// @param incoming What comes in, from the caller.
    /// @param outgoing What goes out; `type(uint256).max` for all of it.
    function substitute(AccountId account, Amount[] calldata incoming, Amount[] calldata outgoing) external;

    /// @notice The same exchange without owning what comes in: what goes out is sent to the caller first, who turns it
    /// into what comes in within `ISubstitutionCallback.onSubstitution`, and pays right after. It is judged by the same
    /// rule, before anything is sent: a swap changes no price that it is judged by.
    /// @dev As what goes out goes to the caller, an operator needs SEND beside WITHDRAW, and DEPOSIT for a collateral
    /// that the account does not hold yet. Amounts are exact; a better swap is the caller's to keep or to hand on. The
    /// vault's lock is held during the callback.
    /// @param account The account.
    /// @param incoming What comes in, pulled from the caller after its callback.
    /// @param outgoing What goes out, to the caller; `type(uint256).max` for all of it.
    /// @param data Passed on to the callback.
    function substituteBySwap(
        AccountId account,
        Amount[] calldata incoming,
        Amount[] calldata outgoing,
        bytes calldata data
    ) external;
}
