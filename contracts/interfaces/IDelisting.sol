// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";

/// @notice The end of a collateral that governance takes out of service with `delist`.
interface IDelisting {
    /// @notice The asset is delisted: it takes no new holding, no new pair, and no second delisting.
    error DelistedAsset(address asset);
    /// @notice The asset is in service.
    error NotDelisted(address asset);
    /// @notice The haircut of a pair is still on its way to 100 %: accounts may need the collateral.
    error HaircutStillGliding(address asset, PoolId pool, uint256 maintenancePpm, uint256 neededPpm);

    /// @notice Sends all that an account holds of a delisted asset to the account's owner, once its maintenance haircut
    /// has reached 100 % in all pairs. Anyone may. Passes the gate as if the owner had withdrawn it: an account
    /// without debt always does, one that is covered at the initial line without it does, too.
    /// @dev Warning: a token that refuses the owner makes it fail; the holding stays, and the owner can withdraw it to
    /// another receiver.
    /// @param account Any account with a holding of the asset.
    /// @param asset A delisted asset.
    /// @return assets What was sent [assets]
    function returnDelisted(AccountId account, address asset) external returns (uint256 assets);
}
