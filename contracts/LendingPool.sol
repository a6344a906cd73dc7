// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {CompactFloat} from "./libraries/CompactFloat.sol";
import {DebtShares} from "./libraries/DebtShares.sol";
import {InterestModel} from "./libraries/InterestModel.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {Waterfall} from "./libraries/Waterfall.sol";

/// A pool of one cash asset: lenders' shares, idle cash, total debt by index, fee reserve.
///
/// 1. cash + debt = what lenders own + fee reserve. Borrowing and repaying do not change the left side, so interest is
/// what it gained since the last checkpoint (`grossAssets`); the reserve's share of that is booked only when a lender
/// acts, so borrowers write one slot.
/// 2. Cash is counted here, never read from the token: donations change nothing.
/// 3. Virtual shares (a million for each asset unit) make the first deposit safe.
contract LendingPool is ERC4626, AccessManaged, ReentrancyGuardTransient, ILendingPool {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_DECIMALS = 18;
    uint256 private constant SHARE_DIGITS = 12;
    uint256 private constant CAP_MANTISSA_BITS = 28;

    address public immutable vault;
    uint256 public immutable shareUnitExponent;
    uint256 private immutable shareUnit;

    struct Book {
        uint96 cashAssets; // idle cash [assets]
        uint72 debtShares; // owed by all accounts [debt shares]
        uint56 index; // [parts in 1e12]
        uint32 accruedAt; // [s]
    }

    struct Reserve {
        uint128 grossAssets; // cash + debt at the last checkpoint [assets]
        uint128 feeAssets; // fee reserve [assets]
    }

    // one slot; the caps and the minimum are compact floats with 28 bits of mantissa
    struct PackedTerms {
        uint16 baseBps;
        uint16 kinkBps;
        uint24 slopeBelowBps;
        uint24 slopeAboveBps;
        uint16 reserveBps;
        uint40 supplyCap;
        uint40 borrowCap;
        uint40 minimumDebt;
    }

    Book private book;
    Reserve private reserve;
    PackedTerms private packedTerms;

    constructor(
        IERC20Metadata cash,
        address lendingVault,
        address authority,
        string memory name,
        string memory symbol
    ) ERC20(name, symbol) ERC4626(cash) AccessManaged(authority) {
        uint256 digits = cash.decimals();
        require(digits <= MAX_DECIMALS, PoolDecimalsAboveMaximum(address(cash), digits, MAX_DECIMALS));
        vault = lendingVault;
        shareUnitExponent = MathLib.zeroFloorSub(digits, SHARE_DIGITS);
        shareUnit = 10 ** shareUnitExponent;
        book = Book(0, 0, uint56(InterestModel.INDEX_ONE), uint32(block.timestamp));
        // all other terms start at zero; a kink at zero would divide by it
        packedTerms.kinkBps = 1_00;
    }

    modifier onlyVault() {
        require(msg.sender == vault, CallerNotVault(msg.sender));
        _;
    }

    // ---- lenders (ERC-4626) ----

    // Each of the four accrues first and then counts with one total; the base would work it out again at every
    // conversion.

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        uint256 total = _checkpoint();
        uint256 most = _roomAt(total);
        require(assets <= most, ERC4626ExceededMaxDeposit(receiver, assets, most));
        shares = _toShares(assets, total, Math.Rounding.Floor);
        _deposit(msg.sender, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        uint256 total = _checkpoint();
        uint256 most = _toShares(_roomAt(total), total, Math.Rounding.Floor);
        require(shares <= most, ERC4626ExceededMaxMint(receiver, shares, most));
        assets = _toAssets(shares, total, Math.Rounding.Ceil);
        _deposit(msg.sender, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        uint256 total = _checkpoint();
        uint256 most = _withdrawableAt(owner, total);
        require(assets <= most, ERC4626ExceededMaxWithdraw(owner, assets, most));
        shares = _toShares(assets, total, Math.Rounding.Ceil);
        _withdraw(msg.sender, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        uint256 total = _checkpoint();
        uint256 most = _redeemableAt(owner, total);
        require(shares <= most, ERC4626ExceededMaxRedeem(owner, shares, most));
        assets = _toAssets(shares, total, Math.Rounding.Floor);
        _withdraw(msg.sender, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        (Book memory current, uint256 debtAssets) = _accrued();
        return uint256(current.cashAssets) + debtAssets - _feesAt(current.cashAssets + debtAssets);
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _roomAt(totalAssets());
    }

    /// @inheritdoc IERC4626
    function maxMint(address) public view override(ERC4626, IERC4626) returns (uint256) {
        uint256 total = totalAssets();
        return _toShares(_roomAt(total), total, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return _withdrawableAt(owner, totalAssets());
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return _redeemableAt(owner, totalAssets());
    }

    function _roomAt(uint256 total) private view returns (uint256) {
        return MathLib.zeroFloorSub(CompactFloat.decode(packedTerms.supplyCap, CAP_MANTISSA_BITS), total);
    }

    /// what the owner's shares are worth, as far as there is cash
    function _withdrawableAt(address owner, uint256 total) private view returns (uint256) {
        return MathLib.min(_toAssets(balanceOf(owner), total, Math.Rounding.Floor), book.cashAssets);
    }

    function _redeemableAt(address owner, uint256 total) private view returns (uint256) {
        uint256 balance = balanceOf(owner);
        uint256 cash = book.cashAssets;
        uint256 worth = _toAssets(balance, total, Math.Rounding.Floor);
        // shares worth less than one unit buy nothing
        if (worth == 0) return 0;
        return worth <= cash ? balance : _toShares(cash, total, Math.Rounding.Floor);
    }

    /// shares of `assets` when lenders own `total`, with the virtual shares of the base
    function _toShares(uint256 assets, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(assets, totalSupply() + 10 ** _decimalsOffset(), total + 1, rounding);
    }

    function _toAssets(uint256 shares, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(shares, total + 1, totalSupply() + 10 ** _decimalsOffset(), rounding);
    }

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        book.cashAssets = (uint256(book.cashAssets) + assets).toUint96();
        reserve.grossAssets += uint128(assets);
        super._deposit(caller, receiver, assets, shares);
        requireCash();
    }

    function _withdraw(
        address caller,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) internal override {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        book.cashAssets -= uint96(assets);
        reserve.grossAssets -= uint128(assets);
        super._withdraw(caller, receiver, owner, assets, shares);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    // ---- the vault, for accounts ----

    /// @inheritdoc ILendingPool
    function accrue() external returns (uint256 index, uint256 minimumDebtAssets) {
        index = _accrue().index;
        minimumDebtAssets = CompactFloat.decode(packedTerms.minimumDebt, CAP_MANTISSA_BITS);
    }

    /// @inheritdoc ILendingPool
    function lend(uint256 assets, uint256 shares, address receiver) external onlyVault nonReentrant {
        Book memory current = _accrue();
        require(assets <= current.cashAssets, InsufficientCash(current.cashAssets, assets));
        current.cashAssets -= uint96(assets);
        current.debtShares = _toDebtShares(current.debtShares + shares);
        uint256 debtAssets = DebtShares.toAssetsDown(current.debtShares, current.index, shareUnit);
        uint256 cap = CompactFloat.decode(packedTerms.borrowCap, CAP_MANTISSA_BITS);
        require(debtAssets <= cap, BorrowCapExceeded(debtAssets, cap));
        book = current;
        IERC20(asset()).safeTransfer(receiver, assets);
    }

    /// @inheritdoc ILendingPool
    function reviseFlaggedLoss(uint256, uint256) external onlyVault {}

    /// @inheritdoc ILendingPool
    function receiveRepayment(uint256 assets, uint256 shares) external onlyVault nonReentrant {
        Book memory current = _accrue();
        current.cashAssets = (current.cashAssets + assets).toUint96();
        current.debtShares = _toDebtShares(current.debtShares - shares);
        book = current;
        requireCash();
    }

    /// @inheritdoc ILendingPool
    function settle(
        uint256 repaidAssets,
        uint256 repaidShares,
        uint256 feeAssets,
        uint256 lossShares
    ) external onlyVault nonReentrant {
        _checkpoint();
        Book memory current = book;
        uint256 before = _gross(current);
        current.cashAssets = (current.cashAssets + repaidAssets + feeAssets).toUint96();
        current.debtShares = _toDebtShares(current.debtShares - repaidShares - lossShares);
        book = current;
        reserve.feeAssets += uint128(feeAssets);
        uint256 present = _gross(current) - feeAssets;
        reserve.grossAssets = (present + feeAssets).toUint128();
        if (feeAssets != 0) emit FeeReceived(feeAssets);
        if (lossShares != 0) _absorb(MathLib.zeroFloorSub(before, present));
    }

    /// the fee reserve bears a loss first, lenders the rest by what their shares are worth
    function _absorb(uint256 lossAssets) private {
        (uint256 fromFees, uint256 fromLenders) = Waterfall.bear(lossAssets, reserve.feeAssets);
        reserve.feeAssets -= uint128(fromFees);
        emit LossAbsorbed(lossAssets, fromFees, fromLenders);
    }

    function _toDebtShares(uint256 shares) private pure returns (uint72) {
        return shares.toUint72();
    }

    /// @inheritdoc ILendingPool
    function requireCash() public view {
        uint256 held = IERC20(asset()).balanceOf(address(this));
        require(held >= book.cashAssets, CashShortfall(held, book.cashAssets));
    }

    // ---- interest and fees ----

    function _accrue() private returns (Book memory current) {
        current = book;
        if (current.accruedAt == uint32(block.timestamp)) return current;
        (current, ) = _accrued();
        book = current;
    }

    /// accrues, books the reserve's share of the interest since the last checkpoint, and says what lenders own
    function _checkpoint() private returns (uint256 lendersAssets) {
        Book memory current = _accrue();
        uint256 gross = _gross(current);
        uint256 fees = _feesAt(gross);
        if (gross != reserve.grossAssets) {
            reserve = Reserve(gross.toUint128(), fees.toUint128());
            emit Accrued(current.index, fees);
        }
        lendersAssets = gross - fees;
    }

    /// the book as it is now, and the debt in it, rounded down
    function _accrued() private view returns (Book memory current, uint256 debtAssets) {
        current = book;
        debtAssets = DebtShares.toAssetsDown(current.debtShares, current.index, shareUnit);
        uint256 elapsedFor;
        unchecked {
            // safe: the clock is kept modulo 2^32, and no pool is left alone for 136 years
            elapsedFor = uint32(block.timestamp - current.accruedAt);
        }
        if (elapsedFor == 0) return (current, debtAssets);
        current.accruedAt = uint32(block.timestamp);
        if (debtAssets == 0) return (current, debtAssets);
        uint256 rateWad = _yearlyRate(current.cashAssets, debtAssets);
        current.index = uint56(InterestModel.indexAfterUp(current.index, rateWad, elapsedFor));
        debtAssets = DebtShares.toAssetsDown(current.debtShares, current.index, shareUnit);
    }

    function _yearlyRate(uint256 cashAssets, uint256 debtAssets) private view returns (uint256) {
        PackedTerms memory packed = packedTerms;
        return
            InterestModel.yearlyRateUp(
                InterestModel.utilisationUp(cashAssets, debtAssets),
                InterestModel.Curve(packed.baseBps, packed.kinkBps, packed.slopeBelowBps, packed.slopeAboveBps)
            );
    }

    function _gross(Book memory current) private view returns (uint256) {
        return uint256(current.cashAssets) + DebtShares.toAssetsDown(current.debtShares, current.index, shareUnit);
    }

    /// the fee reserve when cash + debt has grown to `gross`; it never has less of it than at the checkpoint
    function _feesAt(uint256 gross) private view returns (uint256) {
        uint256 interest = MathLib.zeroFloorSub(gross, reserve.grossAssets);
        return reserve.feeAssets + MathLib.mulDivDown(interest, packedTerms.reserveBps, MathLib.BPS);
    }

    /// @inheritdoc ILendingPool
    function collectFees(uint256 assets, address receiver) external restricted nonReentrant {
        _checkpoint();
        require(assets <= book.cashAssets, InsufficientCash(book.cashAssets, assets));
        require(assets <= reserve.feeAssets, InsufficientFeeReserve(reserve.feeAssets, assets));
        book.cashAssets -= uint96(assets);
        reserve.feeAssets -= uint128(assets);
        reserve.grossAssets -= uint128(assets);
        emit FeesCollected(receiver, assets);
        IERC20(asset()).safeTransfer(receiver, assets);
    }

    /// @inheritdoc ILendingPool
    function setTerms(Terms calldata newTerms) external restricted nonReentrant {
        _requireWithin("baseBps", newTerms.baseBps, 0, 50_00);
        _requireWithin("kinkBps", newTerms.kinkBps, 1_00, 99_00);
        _requireWithin("slopeBelowBps", newTerms.slopeBelowBps, 0, 100_00);
        _requireWithin("slopeAboveBps", newTerms.slopeAboveBps, 0, 1000_00);
        _requireWithin("reserveBps", newTerms.reserveBps, 0, 50_00);
        _requireWithin("supplyCapAssets", newTerms.supplyCapAssets, 0, type(uint96).max);
        _requireWithin("borrowCapAssets", newTerms.borrowCapAssets, 0, type(uint96).max);
        _requireWithin("minimumDebtAssets", newTerms.minimumDebtAssets, 0, type(uint96).max);
        _checkpoint();
        Terms memory oldTerms = terms();
        packedTerms = PackedTerms(
            uint16(newTerms.baseBps),
            uint16(newTerms.kinkBps),
            uint24(newTerms.slopeBelowBps),
            uint24(newTerms.slopeAboveBps),
            uint16(newTerms.reserveBps),
            uint40(CompactFloat.encodeDown(newTerms.supplyCapAssets, CAP_MANTISSA_BITS)),
            uint40(CompactFloat.encodeDown(newTerms.borrowCapAssets, CAP_MANTISSA_BITS)),
            uint40(CompactFloat.encodeDown(newTerms.minimumDebtAssets, CAP_MANTISSA_BITS))
        );
        emit TermsSet(oldTerms, terms());
    }

    function _requireWithin(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private pure {
        require(found >= lowest && found <= highest, TermOutOfBounds(name, found, lowest, highest));
    }

    // ---- views ----

    /// @inheritdoc ILendingPool
    function debtIndex() external view returns (uint256) {
        (Book memory current, ) = _accrued();
        return current.index;
    }

    /// @inheritdoc ILendingPool
    function totals() external view returns (Totals memory) {
        (Book memory current, uint256 debtAssets) = _accrued();
        uint256 gross = current.cashAssets + debtAssets;
        return
            Totals({
                cashAssets: current.cashAssets,
                debtAssets: debtAssets,
                debtShares: current.debtShares,
                feeAssets: _feesAt(gross),
                index: current.index,
                yearlyRateWad: _yearlyRate(current.cashAssets, debtAssets),
                utilisationWad: InterestModel.utilisationUp(current.cashAssets, debtAssets),
                accruedAt: current.accruedAt
            });
    }

    /// @inheritdoc ILendingPool
    function terms() public view returns (Terms memory) {
        PackedTerms memory packed = packedTerms;
        return
            Terms({
                baseBps: packed.baseBps,
                kinkBps: packed.kinkBps,
                slopeBelowBps: packed.slopeBelowBps,
                slopeAboveBps: packed.slopeAboveBps,
                reserveBps: packed.reserveBps,
                supplyCapAssets: CompactFloat.decode(packed.supplyCap, CAP_MANTISSA_BITS),
                borrowCapAssets: CompactFloat.decode(packed.borrowCap, CAP_MANTISSA_BITS),
                minimumDebtAssets: CompactFloat.decode(packed.minimumDebt, CAP_MANTISSA_BITS)
            });
    }
}
