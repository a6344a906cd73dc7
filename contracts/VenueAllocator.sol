// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IVenueAllocator} from "./interfaces/IVenueAllocator.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {SleeveBooks} from "./sleeve/SleeveBooks.sol";
import {SleeveVenues} from "./sleeve/SleeveVenues.sol";

/// The sleeve of one reusable asset.
///
/// 1. Assets are counted: what is idle, and of each venue the lower of what it says and what was recorded of it, grown
/// within its limit. Donations change nothing here.
/// 2. Every move of shares records first: a loss is borne before anybody leaves, and the fee is paid before anybody
/// comes.
/// 3. A venue that fails, lies or is empty stops neither redemption from idle assets nor from other venues.
contract VenueAllocator is SleeveVenues {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    constructor(
        IERC20Metadata asset_,
        address vault_,
        address authority,
        string memory name,
        string memory symbol
    ) ERC20(name, symbol) ERC4626(asset_) AccessManaged(authority) SleeveBooks(vault_, asset_.decimals()) {}

    // ---- in ----

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        _requireVault();
        Totals memory totals = _touch();
        shares = _toShares(assets, totals.saidAssets, totals.supply, Math.Rounding.Floor);
        _enter(totals, assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        _requireVault();
        Totals memory totals = _touch();
        assets = _toAssets(shares, totals.saidAssets, totals.supply, Math.Rounding.Ceil);
        _enter(totals, assets, shares, receiver);
    }

    /// @inheritdoc IVenueAllocator
    function seed(uint256 assets, address receiver) external restricted nonReentrant returns (uint256 shares) {
        require(totalSupply() == 0, SleeveInUse(totalSupply()));
        Totals memory totals = _touch();
        shares = _toShares(assets, totals.saidAssets, totals.supply, Math.Rounding.Floor);
        _enter(totals, assets, shares, receiver);
    }

    function _requireVault() private view {
        require(msg.sender == vault, DepositorNotVault(msg.sender));
    }

    /// every venue answers, the buffer is there afterwards, and the shares are worth what was paid
    function _enter(Totals memory totals, uint256 assets, uint256 shares, address receiver) private {
        require(totals.silent == address(0), VenueSilent(totals.silent));
        require(assets != 0 && shares != 0, ZeroSleeveMove(assets, shares));
        uint256 worth = _toAssets(shares, totals.assets + assets, totals.supply + shares, Math.Rounding.Floor);
        require(worth + _slippageOf(assets, ENTRY_SLIPPAGE_BPS) >= assets, EntryLosesValue(assets, worth));
        idle = (idle + assets).toUint96();
        uint256 leastIdle = MathLib.mulDivUp(totals.assets + assets, bufferBps, MathLib.BPS);
        require(idle >= leastIdle, BufferTooSmall(idle, leastIdle));
        _mint(receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
        IERC20(asset()).safeTransferFrom(msg.sender, address(this), assets);
        uint256 held = IERC20(asset()).balanceOf(address(this));
        require(held >= idle, SleeveShortfall(held, idle));
    }

    // ---- out ----

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        Totals memory totals = _touch();
        shares = _toShares(assets, totals.assets, totals.supply, Math.Rounding.Ceil);
        _leave(assets, shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        Totals memory totals = _touch();
        assets = _toAssets(shares, totals.assets, totals.supply, Math.Rounding.Floor);
        _leave(assets, shares, receiver, owner);
    }

    /// venues first, while the shares still exist: so their price is right in mid-call
    function _leave(uint256 assets, uint256 shares, address receiver, address owner) private {
        require(assets != 0 && shares != 0, ZeroSleeveMove(assets, shares));
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        _gather(assets);
        // safe: gathered
        idle -= uint96(assets);
        _burn(owner, shares);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        IERC20(asset()).safeTransfer(receiver, assets);
    }

    // ---- upkeep ----

    /// @inheritdoc IVenueAllocator
    function touch() external nonReentrant returns (uint256) {
        return _touch().assets;
    }

    // ---- views ----

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return _read().assets;
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        Totals memory totals = _read();
        return totals.silent != address(0) ? 0 : MathLib.zeroFloorSub(MAX_ASSETS, totals.saidAssets);
    }

    /// @inheritdoc IERC4626
    function maxMint(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return previewDeposit(maxDeposit(receiver));
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        Totals memory totals = _read();
        uint256 worth = _toAssets(balanceOf(owner), totals.assets, totals.supply, Math.Rounding.Floor);
        return MathLib.min(worth, _payable());
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        Totals memory totals = _read();
        uint256 shares = balanceOf(owner);
        uint256 worth = _toAssets(shares, totals.assets, totals.supply, Math.Rounding.Floor);
        // shares worth less than one unit buy nothing
        if (worth == 0) return 0;
        uint256 available = _payable();
        return worth <= available ? shares : _toShares(available, totals.assets, totals.supply, Math.Rounding.Floor);
    }

    /// what is idle, and what venues that are not cut say that they pay out of what counts of them [assets]
    function _payable() private view returns (uint256 assets) {
        assets = idle;
        for (uint256 i; i < venueList.length; ++i) {
            if (venueStates[venueList[i]].capAssets == 0) continue;
            (uint256 worthAssets, ) = _worthOf(venueList[i]);
            if (worthAssets != 0) assets += MathLib.min(worthAssets, _payableBy(venueList[i]));
        }
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) public view override(ERC4626, IERC4626) returns (uint256) {
        Totals memory totals = _read();
        return _toShares(assets, totals.saidAssets, totals.supply, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) public view override(ERC4626, IERC4626) returns (uint256) {
        Totals memory totals = _read();
        return _toAssets(shares, totals.saidAssets, totals.supply, Math.Rounding.Ceil);
    }

    /// convertToShares and previewWithdraw of the base
    function _convertToShares(uint256 assets, Math.Rounding rounding) internal view override returns (uint256) {
        Totals memory totals = _read();
        return _toShares(assets, totals.assets, totals.supply, rounding);
    }

    /// convertToAssets and previewRedeem of the base
    function _convertToAssets(uint256 shares, Math.Rounding rounding) internal view override returns (uint256) {
        Totals memory totals = _read();
        return _toAssets(shares, totals.assets, totals.supply, rounding);
    }
}
