// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IFlashLiquidator} from "../interfaces/IFlashLiquidator.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {ILiquidationCallback} from "../interfaces/ILiquidationCallback.sol";
import {IUniswapV3SwapRouter} from "../interfaces/IUniswapV3SwapRouter.sol";
import {IWriteOff} from "../interfaces/IWriteOff.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {Purse, PurseLib} from "./Purse.sol";
import {VenueSales} from "./VenueSales.sol";

/// An example of a liquidator that needs no cash: collateral first, or a flash loan first, then shares of sleeves are
/// redeemed, then sales on one venue.
/// 1. Only the owner and its keeper begin a run; only whom the run waits for may call back, once, with what was sent.
/// 2. Vault and venue are fixed; nothing else is called but tokens, a sleeve among them, and the lenders of the run.
/// 3. A run sells and pays from what it brought itself; profit of earlier runs is not touched, except by `withdraw`.
/// 4. Allowances are exact, and zero when a run ends.
/// 5. What is left stays here until the owner takes it: the keeper's key, which is hot, cannot.
contract FlashLiquidator is Ownable2Step, VenueSales, IFlashLiquidator, ILiquidationCallback, IERC3156FlashBorrower {
    using SafeERC20 for IERC20;

    /// What goes through all flash loans of a run.
    struct Deed {
        bool isWriteOff;
        bytes order; // `WriteOff` or `Liquidation`
        Redemption[] redemptions;
        Swap[] swaps;
        Loan[] loans;
        uint256[] owedAssets; // for each loan that was made, its fee included [assets]
    }

    // ---- constants ----

    bytes32 private constant LOAN_TAKEN = keccak256("ERC3156FlashBorrower.onFlashLoan");
    // no run; who is waited for is a hash, which is neither of these
    bytes32 private constant IDLE = 0;
    bytes32 private constant ANSWERED = bytes32(uint256(1));

    // ---- immutables ----

    ICollateralVault public immutable vault;

    // ---- storage ----

    // of a pool; the vault's registry only grows, and a pool's cash is fixed
    mapping(PoolId pool => address cash) private cashOf;

    // hash of who has to call back with which data
    bytes32 private transient awaited;

    /// @inheritdoc IFlashLiquidator
    address public keeper;

    modifier onlyKeeper() {
        require(msg.sender == keeper || msg.sender == owner(), CallerNotKeeper(msg.sender));
        _;
    }

    // ---- constructor ----

    /// @param liquidatedVault The vault.
    /// @param sellingVenue A router with the functions of Uniswap's `SwapRouter02`.
    /// @param firstOwner Who may begin runs and take the profit.
    constructor(
        ICollateralVault liquidatedVault,
        IUniswapV3SwapRouter sellingVenue,
        address firstOwner
    ) Ownable(firstOwner) VenueSales(sellingVenue) {
        vault = liquidatedVault;
    }

    // ---- with the vault's callback ----

    /// @inheritdoc IFlashLiquidator
    function liquidate(Liquidation calldata order, Sale calldata sale) external onlyKeeper returns (uint256) {
        uint256 before = _begin(sale.profitToken);
        bytes memory data = abi.encode(sale.redemptions, sale.swaps);
        _await(address(vault), data);
        _liquidate(order, data);
        return _end(order.account, sale, before);
    }

    /// @inheritdoc IFlashLiquidator
    function writeOff(WriteOff calldata order, Sale calldata sale) external onlyKeeper returns (uint256) {
        uint256 before = _begin(sale.profitToken);
        bytes memory data = abi.encode(sale.redemptions, sale.swaps);
        _await(address(vault), data);
        _writeOff(order, data);
        return _end(order.account, sale, before);
    }

    /// @inheritdoc ILiquidationCallback
    function onLiquidation(
        AccountId,
        address[] calldata assets,
        uint256[] calldata seizedAssets,
        PoolId[] calldata pools,
        uint256[] calldata owedAssets,
        bytes calldata data
    ) external {
        _answer(data);
        (Redemption[] memory redemptions, Swap[] memory swaps) = abi.decode(data, (Redemption[], Swap[]));
        Purse memory purse = PurseLib.open(assets.length + redemptions.length + swaps.length);
        for (uint256 i; i < assets.length; ++i) purse.put(assets[i], seizedAssets[i]);
        _redeemAll(purse, redemptions);
        _sellAll(purse, swaps);
        for (uint256 j; j < pools.length; ++j) {
            if (owedAssets[j] == 0) continue;
            address cash = _cashOf(pools[j]);
            purse.take(cash, owedAssets[j]);
            _allow(cash, address(vault), owedAssets[j]); // pulled to the last unit right after
        }
    }

    // ---- with flash loans ----

    /// @inheritdoc IFlashLiquidator
    function liquidateWithFlashLoan(
        Liquidation calldata order,
        Sale calldata sale,
        Loan[] calldata loans
    ) external onlyKeeper returns (uint256) {
        uint256 before = _begin(sale.profitToken);
        _borrow(0, Deed(false, abi.encode(order), sale.redemptions, sale.swaps, loans, new uint256[](loans.length)));
        return _end(order.account, sale, before);
    }

    /// @inheritdoc IFlashLiquidator
    function writeOffWithFlashLoan(
        WriteOff calldata order,
        Sale calldata sale,
        Loan[] calldata loans
    ) external onlyKeeper returns (uint256) {
        uint256 before = _begin(sale.profitToken);
        _borrow(0, Deed(true, abi.encode(order), sale.redemptions, sale.swaps, loans, new uint256[](loans.length)));
        return _end(order.account, sale, before);
    }

    /// @inheritdoc IERC3156FlashBorrower
    function onFlashLoan(
        address initiator,
        address token,
        uint256 assets,
        uint256 feeAssets,
        bytes calldata data
    ) external returns (bytes32) {
        _answer(data);
        require(initiator == address(this), InitiatorUnexpected(initiator));
        (uint256 place, uint256 before, Deed memory deed) = abi.decode(data, (uint256, uint256, Deed));
        Loan memory loan = deed.loans[place];
        uint256 received = IERC20(loan.token).balanceOf(address(this)) - before;
        bool isAsAsked = token == loan.token && assets == loan.assets && received >= assets;
        require(isAsAsked, LoanUnexpected(token, received, loan.assets));
        deed.owedAssets[place] = assets + feeAssets;
        if (place + 1 < deed.loans.length) _borrow(place + 1, deed);
        else _act(deed);
        _allow(token, msg.sender, assets + feeAssets); // pulled right after
        return LOAN_TAKEN;
    }

    /// the next loan, inside those before it; the vault's work is done inside the last
    function _borrow(uint256 place, Deed memory deed) private {
        require(deed.loans.length != 0, LoansMissing());
        Loan memory loan = deed.loans[place];
        bytes memory data = abi.encode(place, IERC20(loan.token).balanceOf(address(this)), deed);
        _await(address(loan.lender), data);
        loan.lender.flashLoan(this, loan.token, loan.assets, data);
        require(awaited == ANSWERED, CallbackMissing(address(loan.lender)));
        _disallow(loan.token, address(loan.lender));
    }

    /// with the cash of all loans: pays the vault, sells, and has enough to pay all loans back
    function _act(Deed memory deed) private {
        Loan[] memory loans = deed.loans;
        for (uint256 k; k < loans.length; ++k) _allow(loans[k].token, address(vault), loans[k].assets);
        Purse memory purse = deed.isWriteOff ? _writeOffPaid(deed) : _liquidatePaid(deed);
        for (uint256 k; k < loans.length; ++k) _disallow(loans[k].token, address(vault));
        _redeemAll(purse, deed.redemptions);
        _sellAll(purse, deed.swaps);
        for (uint256 k; k < loans.length; ++k) purse.take(loans[k].token, deed.owedAssets[k]);
    }

    function _liquidatePaid(Deed memory deed) private returns (Purse memory purse) {
        ILiquidation.LegReceipt[] memory receipts = _liquidate(abi.decode(deed.order, (Liquidation)), "");
        purse = _purseOf(deed, receipts.length);
        for (uint256 i; i < receipts.length; ++i) {
            purse.take(_cashOf(receipts[i].pool), receipts[i].repaidAssets + receipts[i].feeAssets);
            purse.put(receipts[i].asset, receipts[i].seizedAssets);
        }
    }

    function _writeOffPaid(Deed memory deed) private returns (Purse memory purse) {
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = _writeOff(
            abi.decode(deed.order, (WriteOff)),
            ""
        );
        purse = _purseOf(deed, taken.length);
        for (uint256 j; j < settled.length; ++j) purse.take(_cashOf(settled[j].pool), settled[j].repaidAssets);
        for (uint256 i; i < taken.length; ++i) purse.put(taken[i].asset, taken[i].seizedAssets);
    }

    /// the cash of all loans, and room for what comes
    function _purseOf(Deed memory deed, uint256 collaterals) private pure returns (Purse memory purse) {
        purse = PurseLib.open(deed.loans.length + collaterals + deed.redemptions.length + deed.swaps.length);
        for (uint256 k; k < deed.loans.length; ++k) purse.put(deed.loans[k].token, deed.loans[k].assets);
    }

    // ---- shares of sleeves ----

    function _redeemAll(Purse memory purse, Redemption[] memory redemptions) private {
        for (uint256 k; k < redemptions.length; ++k) _redeem(purse, redemptions[k]);
    }

    /// a sleeve is called only when the run brought shares of it; one that pays nothing now keeps nobody from the rest
    function _redeem(Purse memory purse, Redemption memory redemption) private {
        IERC4626 sleeve = redemption.sleeve;
        require(redemption.quotedShares != 0 && redemption.minimumOut != 0, RedemptionUnbounded(address(sleeve)));
        uint256 shares = MathLib.min(purse.assetsOf(address(sleeve)), redemption.mostShares);
        if (shares == 0) return;
        shares = MathLib.min(shares, sleeve.maxRedeem(address(this)));
        if (shares == 0) return;
        purse.take(address(sleeve), shares);
        // asked once: what is measured is what is counted
        address asset = sleeve.asset();
        uint256 before = IERC20(asset).balanceOf(address(this));
        sleeve.redeem(shares, address(this), address(this));
        // what came, not what the sleeve says
        uint256 received = MathLib.zeroFloorSub(IERC20(asset).balanceOf(address(this)), before);
        uint256 minimumOut = MathLib.mulDivUp(redemption.minimumOut, shares, redemption.quotedShares);
        require(received >= minimumOut, RedemptionBelowMinimum(address(sleeve), received, minimumOut));
        purse.put(asset, received);
    }

    // ---- one run ----

    function _begin(address profitToken) private view returns (uint256 balance) {
        require(awaited == IDLE, RunInProgress());
        return IERC20(profitToken).balanceOf(address(this));
    }

    function _await(address callee, bytes memory data) private {
        awaited = keccak256(abi.encode(callee, data));
    }

    function _answer(bytes calldata data) private {
        require(awaited == keccak256(abi.encode(msg.sender, data)), CallbackUnexpected(msg.sender));
        awaited = ANSWERED;
    }

    function _end(AccountId account, Sale calldata sale, uint256 before) private returns (uint256 profitAssets) {
        require(awaited == ANSWERED, CallbackMissing(address(vault)));
        awaited = IDLE;
        address token = sale.profitToken;
        uint256 balance = IERC20(token).balanceOf(address(this));
        profitAssets = balance > before ? balance - before : 0;
        bool isEnough = balance >= before && profitAssets >= sale.minimumProfit;
        require(isEnough, ProfitBelowMinimum(token, profitAssets, sale.minimumProfit));
        emit ProfitMade(account, token, profitAssets);
    }

    function _liquidate(
        Liquidation memory order,
        bytes memory data
    ) private returns (ILiquidation.LegReceipt[] memory receipts) {
        return
            vault.liquidate(order.account, order.legs, order.expectedLiquidations, order.deadline, address(this), data);
    }

    function _writeOff(
        WriteOff memory order,
        bytes memory data
    ) private returns (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) {
        return
            vault.writeOff(
                order.account,
                order.expectedLiquidations,
                order.maxRepaidAssets,
                order.minimumOut,
                order.deadline,
                address(this),
                data
            );
    }

    function _cashOf(PoolId pool) private returns (address cash) {
        cash = cashOf[pool];
        if (cash != address(0)) return cash;
        cash = vault.pools()[pool.toUint()].asset;
        cashOf[pool] = cash;
    }

    // ---- the owner's ----

    /// @inheritdoc IFlashLiquidator
    function setKeeper(address newKeeper) external onlyOwner {
        emit KeeperSet(keeper, newKeeper);
        keeper = newKeeper;
    }

    /// @inheritdoc IFlashLiquidator
    function withdraw(address token, uint256 assets, address receiver) external onlyOwner {
        require(awaited == IDLE, RunInProgress());
        uint256 sent = assets == type(uint256).max ? IERC20(token).balanceOf(address(this)) : assets;
        emit ProfitWithdrawn(token, receiver, sent);
        IERC20(token).safeTransfer(receiver, sent);
    }
}
