// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IInsuranceFund} from "./interfaces/IInsuranceFund.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {MathLib} from "./libraries/MathLib.sol";

/// The insurance fund of one lending pool: stakers bear its losses after the fee reserve and before lenders.
///
/// 1. Assets are what is staked here, counted and never read from the token, and what the pool has set aside of its
/// fees. Who stakes pays for both, so income cannot be taken by coming before it is paid.
/// 2. Shares fall in price only by a loss: by `slash`, or by what the pool takes from what is set aside.
/// 3. `slash` and `receiveIncome` are not locked: the pool calls them in mid-call of this fund, when the books are
/// true.
contract InsuranceFund is ERC4626, AccessManaged, ReentrancyGuardTransient, IInsuranceFund {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant VIRTUAL_SHARES = 1e6;
    /// Price of a share, as a part of the first, below which nobody can stake: the fund is used up.
    uint256 private constant USED_UP = 1e6;

    address public immutable pool;

    // one slot
    uint96 private staked; // counted, whatever is held [assets]
    uint96 private supplyCapAssets;
    uint32 private cooldownFor;
    uint32 private windowFor;

    // one slot
    struct PackedRequest {
        uint176 shares;
        uint40 maturesAt;
        uint40 expiresAt;
    }

    mapping(address owner => PackedRequest request) private requests;

    constructor(
        address lendingPool,
        address authority,
        string memory name,
        string memory symbol
    ) ERC20(name, symbol) ERC4626(IERC20(IERC4626(lendingPool).asset())) AccessManaged(authority) {
        pool = lendingPool;
    }

    modifier onlyPool() {
        require(msg.sender == pool, CallerNotPool(msg.sender));
        _;
    }

    // ---- staking ----

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        ILendingPool(pool).payFund();
        return super.deposit(assets, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        ILendingPool(pool).payFund();
        return super.mint(shares, receiver);
    }

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        require(assets != 0 && shares != 0, ZeroStake(assets, shares));
        super._deposit(caller, receiver, assets, shares);
        staked = (staked + assets).toUint96();
        _requireHeld();
    }

    function _requireHeld() private view {
        uint256 held = IERC20(asset()).balanceOf(address(this));
        require(held >= staked, StakeShortfall(held, staked));
    }

    // ---- leaving ----

    /// @inheritdoc IInsuranceFund
    function requestWithdrawal(uint256 shares) external nonReentrant {
        PackedRequest memory pending = requests[msg.sender];
        require(pending.shares == 0, RequestPending(msg.sender, pending.shares, pending.expiresAt));
        require(shares != 0, ZeroStake(0, shares));
        uint256 maturesAt = block.timestamp + cooldownFor;
        uint256 expiresAt = maturesAt + windowFor;
        requests[msg.sender] = PackedRequest(shares.toUint176(), uint40(maturesAt), uint40(expiresAt));
        emit WithdrawalRequested(msg.sender, shares, maturesAt, expiresAt);
        _transfer(msg.sender, address(this), shares);
    }

    /// @inheritdoc IInsuranceFund
    function cancelWithdrawal() external nonReentrant {
        uint256 shares = requests[msg.sender].shares;
        require(shares != 0, RequestNotFound(msg.sender));
        delete requests[msg.sender];
        emit WithdrawalCancelled(msg.sender, shares);
        _transfer(address(this), msg.sender, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        ILendingPool(pool).payFund();
        return super.withdraw(assets, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256) {
        ILendingPool(pool).payFund();
        return super.redeem(shares, receiver, owner);
    }

    /// shares leave the escrow, not the owner's balance
    function _withdraw(
        address caller,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) internal override {
        require(assets != 0 && shares != 0, ZeroStake(assets, shares));
        if (caller != owner) _spendAllowance(owner, caller, shares);
        // safe: at most what the matured request and the stake allow
        requests[owner].shares -= uint176(shares);
        staked -= uint96(assets);
        _burn(address(this), shares);
        emit Withdraw(caller, receiver, owner, assets, shares);
        IERC20(asset()).safeTransfer(receiver, assets);
    }

    // ---- the pool ----

    /// @inheritdoc IInsuranceFund
    function slash(uint256 assets) external onlyPool returns (uint256 paidAssets) {
        paidAssets = MathLib.min(assets, staked);
        if (paidAssets == 0) return 0;
        staked -= uint96(paidAssets);
        emit Slashed(assets, paidAssets);
        IERC20(asset()).safeTransfer(msg.sender, paidAssets);
    }

    /// @inheritdoc IInsuranceFund
    function receiveIncome(uint256 assets) external onlyPool {
        staked = (staked + assets).toUint96();
        emit IncomeReceived(assets);
        _requireHeld();
    }

    // ---- governance ----

    /// @inheritdoc IInsuranceFund
    function setTerms(StakeTerms calldata newTerms) external restricted {
        _requireWithin("supplyCapAssets", newTerms.supplyCapAssets, 0, type(uint96).max);
        _requireWithin("cooldownFor", newTerms.cooldownFor, 1 hours, 60 days);
        _requireWithin("windowFor", newTerms.windowFor, 1 hours, 30 days);
        emit StakeTermsSet(terms(), newTerms);
        supplyCapAssets = uint96(newTerms.supplyCapAssets);
        (cooldownFor, windowFor) = (uint32(newTerms.cooldownFor), uint32(newTerms.windowFor));
    }

    function _requireWithin(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private pure {
        require(found >= lowest && found <= highest, StakeTermOutOfBounds(name, found, lowest, highest));
    }

    // ---- views ----

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return staked + _claims().setAsideAssets;
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        uint256 total = totalAssets();
        // what is left of a used-up fund would cost ever more shares
        if ((total + 1) * VIRTUAL_SHARES * USED_UP < totalSupply()) return 0;
        return MathLib.zeroFloorSub(supplyCapAssets, total);
    }

    /// @inheritdoc IERC4626
    function maxMint(address receiver) public view override(ERC4626, IERC4626) returns (uint256) {
        return _convertToShares(maxDeposit(receiver), Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        ILendingPool.FundClaims memory claims = _claims();
        uint256 worth = _toAssets(_maturedShares(owner), _leaversAssets(claims), Math.Rounding.Floor);
        return MathLib.min(worth, staked + claims.payableAssets);
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        ILendingPool.FundClaims memory claims = _claims();
        uint256 shares = _maturedShares(owner);
        uint256 total = _leaversAssets(claims);
        uint256 worth = _toAssets(shares, total, Math.Rounding.Floor);
        // shares worth less than one unit buy nothing
        if (worth == 0) return 0;
        uint256 payableAssets = staked + claims.payableAssets;
        return worth <= payableAssets ? shares : _toShares(payableAssets, total, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) public view override(ERC4626, IERC4626) returns (uint256) {
        return _toShares(assets, _leaversAssets(_claims()), Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) public view override(ERC4626, IERC4626) returns (uint256) {
        return _toAssets(shares, _leaversAssets(_claims()), Math.Rounding.Floor);
    }

    /// @inheritdoc IInsuranceFund
    function stakedAssets() external view returns (uint256) {
        return staked;
    }

    /// @inheritdoc IInsuranceFund
    function requestOf(address owner) external view returns (Request memory) {
        PackedRequest memory pending = requests[owner];
        // a request that was redeemed whole leaves its times behind
        if (pending.shares == 0) return Request(0, 0, 0);
        return Request(pending.shares, pending.maturesAt, pending.expiresAt);
    }

    /// @inheritdoc IInsuranceFund
    function terms() public view returns (StakeTerms memory) {
        return StakeTerms({supplyCapAssets: supplyCapAssets, cooldownFor: cooldownFor, windowFor: windowFor});
    }

    /// without stakers nobody has a claim to what is set aside: the pool keeps it
    function _claims() private view returns (ILendingPool.FundClaims memory claims) {
        if (totalSupply() != 0) claims = ILendingPool(pool).claimsOf(address(this));
    }

    /// what stakers who leave count with
    function _leaversAssets(ILendingPool.FundClaims memory claims) private view returns (uint256) {
        return MathLib.zeroFloorSub(staked + claims.setAsideAssets, claims.flaggedAssets);
    }

    function _maturedShares(address owner) private view returns (uint256) {
        PackedRequest memory pending = requests[owner];
        bool isMatured = block.timestamp >= pending.maturesAt && block.timestamp <= pending.expiresAt;
        return isMatured ? pending.shares : 0;
    }

    /// shares of `assets` when stakers own `total`, with the virtual shares of the base
    function _toShares(uint256 assets, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(assets, totalSupply() + VIRTUAL_SHARES, total + 1, rounding);
    }

    function _toAssets(uint256 shares, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(shares, total + 1, totalSupply() + VIRTUAL_SHARES, rounding);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }
}
