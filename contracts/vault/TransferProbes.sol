// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IVaultConfigurator} from "../interfaces/IVaultConfigurator.sol";
import {BoundedCall} from "../libraries/BoundedCall.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// The other end of a trial: lets its creator fetch what it is about to get. Has no function, so it does nothing else,
/// ever.
contract TransferProbe {
    constructor(IERC20 token, uint256 assets) {
        SafeERC20.forceApprove(token, msg.sender, assets);
    }
}

/// The trial of a token before it is listed: a little of it goes out and comes back, and every balance is measured.
abstract contract TransferProbes is VaultStorage {
    using SafeERC20 for IERC20;

    /// A fee of one basis point of it is a whole unit [assets].
    uint256 private constant PROBE_LEAST_ASSETS = 1e4;
    /// The trial is a millionth of a token, where that is more.
    uint256 private constant PROBE_SHARE_DECIMALS = 6;
    /// What a listed token may use to say a balance: a broken one does not keep others from being listed.
    uint256 private constant BALANCE_GAS = 200_000;

    /// nothing is owed of a token that is not listed: all that is held may go on the trip
    function _probeTransfers(uint256 count, address asset, uint256 decimals) internal {
        IERC20 token = IERC20(asset);
        uint256 held = token.balanceOf(address(this));
        uint256 assets = _probeAssets(decimals);
        require(held >= assets, IVaultConfigurator.ProbeMissing(asset, held, assets));
        address probe = address(new TransferProbe(token, assets));
        uint256[] memory others = new uint256[](count);
        for (uint256 id; id < count; ++id) others[id] = _balanceOf(assetOf[id]);
        token.safeTransfer(probe, assets);
        _requireExact(token, address(this), held - assets);
        _requireExact(token, probe, assets);
        for (uint256 id; id < count; ++id)
            require(_balanceOf(assetOf[id]) == others[id], IVaultConfigurator.DoubleEntry(asset, assetOf[id]));
        token.safeTransferFrom(probe, address(this), assets);
        _requireExact(token, address(this), held);
        _requireExact(token, probe, 0);
    }

    /// max(10^(decimals − 6), 10,000), at most one token [assets]
    function _probeAssets(uint256 decimals) private pure returns (uint256) {
        uint256 share = 10 ** MathLib.zeroFloorSub(decimals, PROBE_SHARE_DECIMALS);
        return MathLib.min(MathLib.max(share, PROBE_LEAST_ASSETS), 10 ** decimals);
    }

    function _requireExact(IERC20 token, address holder, uint256 expectedAssets) private view {
        uint256 found = token.balanceOf(holder);
        require(
            found == expectedAssets,
            IVaultConfigurator.TransferNotExact(address(token), holder, found, expectedAssets)
        );
    }

    function _balanceOf(address asset) private view returns (uint256) {
        return BoundedCall.tryRead(asset, BALANCE_GAS, abi.encodeCall(IERC20.balanceOf, (address(this))));
    }
}
