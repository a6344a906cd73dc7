// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IDelisting} from "../interfaces/IDelisting.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {PoolId} from "../types/PoolId.sol";
import {LedgerSteps} from "./LedgerSteps.sol";

/// Sends home what nobody can count on any more.
abstract contract Delisting is LedgerSteps, IDelisting {
    /// @inheritdoc IDelisting
    function returnDelisted(AccountId account, address asset) external nonReentrant returns (uint256 assets) {
        AssetState state = assetStates[asset];
        require(state.isDelisted(), NotDelisted(asset));
        _requireWholeHaircuts(state.id(), asset);
        Position memory position = _open(account);
        address owner = account.ownerOf();
        assets = _release(position, asset, type(uint256).max, owner);
        _close(position, TAKES_COLLATERAL);
        _push(asset, owner, assets);
    }

    /// pairs that are not listed stand at 100 % for ever
    function _requireWholeHaircuts(uint256 id, address asset) private view {
        for (uint256 pool; pool < poolCount; ++pool) {
            (, uint256 maintenance) = _haircutsOf(pairs[id][pool]);
            require(
                maintenance == MathLib.PPM,
                HaircutStillGliding(asset, PoolId.wrap(uint8(pool)), maintenance, MathLib.PPM)
            );
        }
    }
}
