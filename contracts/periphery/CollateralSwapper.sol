// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICollateralSwapper} from "../interfaces/ICollateralSwapper.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IFlashLiquidator} from "../interfaces/IFlashLiquidator.sol";
import {ILiquidationRun} from "../interfaces/ILiquidationRun.sol";
import {ISubstitution} from "../interfaces/ISubstitution.sol";
import {ISubstitutionCallback} from "../interfaces/ISubstitutionCallback.sol";
import {IUniswapV3SwapRouter} from "../interfaces/IUniswapV3SwapRouter.sol";
import {IVaultLens} from "../interfaces/IVaultLens.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {Purse, PurseLib} from "./Purse.sol";
import {VenueSales} from "./VenueSales.sol";

/// Substitution through a venue for an owner without the new collateral.
/// 1. It acts for the owner of an account only, whoever made it an operator; it has no owner and no settings.
/// 2. Vault and venue are fixed; nothing else is called but tokens.
/// 3. The vault calls back only whom it was called by, so its callback belongs to the run.
/// 4. Allowances are exact, and zero when a run ends.
/// 5. What is left goes to the owner in the same call: nothing stays here.
contract CollateralSwapper is VenueSales, ReentrancyGuardTransient, ICollateralSwapper, ISubstitutionCallback {
    using SafeERC20 for IERC20;

    ICollateralVault public immutable vault;

    /// @param servedVault The vault.
    /// @param sellingVenue A router with the functions of Uniswap's `SwapRouter02`.
    constructor(ICollateralVault servedVault, IUniswapV3SwapRouter sellingVenue) VenueSales(sellingVenue) {
        vault = servedVault;
    }

    /// @inheritdoc ICollateralSwapper
    function swapCollateral(Order calldata order, IFlashLiquidator.Swap[] calldata swaps) external nonReentrant {
        AccountId account = order.account;
        require(account.ownerOf() == msg.sender, CallerNotAccountOwner(account, msg.sender));
        require(block.timestamp <= order.deadline, ILiquidationRun.DeadlinePassed(order.deadline, block.timestamp));
        ISubstitution.Amount[] memory outgoing = _exactly(account, order.outgoing);
        vault.substituteBySwap(account, order.incoming, outgoing, abi.encode(swaps));
        Purse memory gained = _handOver(order.incoming, outgoing, swaps);
        (uint256 outValue, uint256 inValue) = order.maxLossBps < MathLib.BPS ? _values(outgoing, gained) : (0, 0);
        uint256 leastValue = MathLib.mulDivUp(
            outValue,
            MathLib.zeroFloorSub(MathLib.BPS, order.maxLossBps),
            MathLib.BPS
        );
        require(inValue >= leastValue, SwapLosesValue(account, outValue, inValue, leastValue));
        emit CollateralSwapped(account, msg.sender, outValue, inValue);
    }

    /// @inheritdoc ISubstitutionCallback
    function onSubstitution(
        AccountId,
        ISubstitution.Amount[] calldata incoming,
        ISubstitution.Amount[] calldata outgoing,
        bytes calldata data
    ) external {
        require(msg.sender == address(vault), IFlashLiquidator.CallbackUnexpected(msg.sender));
        IFlashLiquidator.Swap[] memory swaps = abi.decode(data, (IFlashLiquidator.Swap[]));
        Purse memory purse = PurseLib.open(outgoing.length + swaps.length);
        for (uint256 i; i < outgoing.length; ++i) purse.put(outgoing[i].asset, outgoing[i].assets);
        _sellAll(purse, swaps);
        for (uint256 i; i < incoming.length; ++i) {
            purse.take(incoming[i].asset, incoming[i].assets);
            _allow(incoming[i].asset, address(vault), incoming[i].assets); // pulled to the last unit right after
        }
    }

    // ---- before and after ----

    /// the amounts that "all" means
    function _exactly(
        AccountId account,
        ISubstitution.Amount[] calldata amounts
    ) private view returns (ISubstitution.Amount[] memory exact) {
        exact = amounts;
        for (uint256 i; i < exact.length; ++i) {
            if (exact[i].assets == type(uint256).max) exact[i].assets = vault.holdingOf(account, exact[i].asset);
        }
    }

    /// sends what is left to the owner; returns it together with what was pledged
    function _handOver(
        ISubstitution.Amount[] calldata incoming,
        ISubstitution.Amount[] memory outgoing,
        IFlashLiquidator.Swap[] calldata swaps
    ) private returns (Purse memory gained) {
        gained = PurseLib.open(incoming.length + outgoing.length + swaps.length);
        for (uint256 i; i < incoming.length; ++i) {
            gained.put(incoming[i].asset, incoming[i].assets);
            _sendAll(gained, incoming[i].asset);
        }
        for (uint256 i; i < outgoing.length; ++i) _sendAll(gained, outgoing[i].asset);
        for (uint256 k; k < swaps.length; ++k) _sendAll(gained, _lastOf(swaps[k].path));
    }

    function _sendAll(Purse memory gained, address token) private {
        uint256 assets = IERC20(token).balanceOf(address(this));
        if (assets == 0) return;
        gained.put(token, assets);
        IERC20(token).safeTransfer(msg.sender, assets);
    }

    // ---- what was lost ----

    /// at the vault's spot prices; what has none counts nothing
    function _values(
        ISubstitution.Amount[] memory outgoing,
        Purse memory gained
    ) private view returns (uint256 outValue, uint256 inValue) {
        IVaultLens.AssetView[] memory assets = vault.assets();
        for (uint256 i; i < outgoing.length; ++i) {
            uint256 price = _priceOf(assets, outgoing[i].asset);
            require(price != 0, PriceMissing(outgoing[i].asset));
            outValue += HealthMath.valueUp(outgoing[i].assets, price);
        }
        for (uint256 i; i < gained.count; ++i) {
            inValue += HealthMath.valueDown(gained.assets[i], _priceOf(assets, gained.tokens[i]));
        }
    }

    function _priceOf(IVaultLens.AssetView[] memory assets, address token) private pure returns (uint256) {
        for (uint256 i; i < assets.length; ++i) {
            if (assets[i].asset == token) return assets[i].isFresh ? assets[i].price : 0;
        }
        return 0;
    }
}
