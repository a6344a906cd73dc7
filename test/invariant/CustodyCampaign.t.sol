// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {MockUniswapV3Venue} from "../../contracts/mocks/MockUniswapV3Venue.sol";
import {Deployment} from "../support/Deployment.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ShortVenue} from "../support/HostileVenues.sol";
import {ReuseStage} from "../support/ReuseStage.sol";
import {Campaign} from "./Campaign.sol";
import {CustodyHandler} from "./CustodyHandler.sol";
import {CustodyCast} from "./CustodyWatch.sol";
import {Handler} from "./Handler.sol";
import {Cast, Sight} from "./World.sol";

/// The storm again, in a world where collateral is reused, swapped, delisted and rewarded, and where operators act. The
/// venue is hostile at times.
contract CustodyCampaignTest is ReuseStage, Campaign {
    uint24 private constant FEE = 500;

    CustodyCast private custody;
    CustodyHandler private custodian;

    function setUp() public override(Deployment, ReuseStage) {
        super.setUp();
        _listCash();
        _listOld();
        _reward();
        _gather();
        cast.assets.push(address(sleeve));
        cast.assets.push(address(usdcPool));
        cast.assets.push(address(custody.old));
        _meet();
        custodian = new CustodyHandler(cast, custody);
        _begin(custodian);
        for (uint256 i; i < 4; ++i) _consents(cast.owners[i]);
        _depositsOutside(address(good));
        _depositsOutside(address(bad));
        sleeve.allocate(address(good), sleeve.totalAssets() / 4);
        sleeve.allocate(address(bad), sleeve.totalAssets() / 2);
    }

    // ---- the world ----

    /// interest on posted cash
    function _listCash() private {
        vault.setPair(address(usdc), DAI, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        vault.setPair(address(usdc), USDC, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        vault.setSupplyCap(address(usdc), 10_000_000e6);
        _sendShares(usdcPool, usdc, 1);
        vault.listAsset(address(usdcPool), _sleeveConfig(address(usdcPool), usdc), 10_000_000e12);
        uint256 probe = vault.recover(address(usdcPool), address(this));
        usdcPool.redeem(probe, address(this), address(this));
        vault.setPair(address(usdcPool), DAI, _pair(60_000, 45_000, 200_000_000e18, 3_00));
        vault.setPair(address(usdcPool), USDC, _pair(100_000, 80_000, 200_000_000e18, 3_00));
        vault.setSleeve(address(usdc), address(usdcPool), IReuse.SleeveTerms(false, 0, 0));
    }

    /// goes by the feed of LINK; half of its way to 100 % is behind it
    function _listOld() private {
        MockToken old = new MockToken("OLD", "OLD", 18);
        custody.old = old;
        _sendProbe(address(old));
        vault.listAsset(address(old), _feedConfig(address(feedOf[address(link)])), 1_000_000e18);
        vault.recover(address(old), address(this));
        vault.setPair(address(old), USDC, _pair(700_000, 600_000, 20_000_000e18, 12_00));
        vault.setPair(address(old), DAI, _pair(700_000, 600_000, 20_000_000e18, 12_00));
    }

    function _reward() private {
        bytes memory arguments = abi.encode(vault, manager);
        IRewardsDistributor distributor = IRewardsDistributor(
            _deploy("RewardsDistributor.sol:RewardsDistributor", arguments)
        );
        MockToken arb = new MockToken("ARB", "ARB", 18);
        (custody.distributor, custody.arb) = (distributor, arb);
        vault.setRewards(address(weth), address(distributor));
        vault.setRewards(address(sleeve), address(distributor));
        vault.setHarvest(address(arb), address(weth));
        distributor.addStream(address(weth), address(arb));
        distributor.addStream(address(weth), address(link));
        distributor.addStream(address(sleeve), address(arb));
    }

    /// who takes part beside the cast
    function _meet() private {
        custody.allocator = sleeve;
        custody.sleeves = [address(sleeve), address(usdcPool)];
        custody.plain = [address(weth), address(usdc)];
        (custody.good, custody.bad) = (address(good), bad);
        (custody.treasury, custody.operator) = (makeAddr("treasury"), makeAddr("ivan"));
        sleeve.setRules(IVenueAllocator.SleeveRules(10_00, 10_00, custody.treasury));
        MockUniswapV3Venue fair = new MockUniswapV3Venue();
        ShortVenue greedy = new ShortVenue(100_00, 100_00);
        for (uint256 c; c < 3; ++c) {
            MockToken token = cast.collaterals[c];
            fair.setFeed(address(token), cast.feeds[2 + c]);
            for (uint256 k; k < c; ++k) fair.listPool(address(token), address(cast.collaterals[k]), FEE, 20_000_000e18);
            token.mint(address(fair), 100_000_000 * 10 ** token.decimals());
            token.mint(address(greedy), 100_000_000 * 10 ** token.decimals());
        }
        custody.swappers = [_swapperAt(address(fair)), _swapperAt(address(greedy))];
    }

    function _swapperAt(address venue) private returns (ICollateralSwapper) {
        return
            ICollateralSwapper(_deploy("periphery/CollateralSwapper.sol:CollateralSwapper", abi.encode(vault, venue)));
    }

    /// everybody reuses some of everything, holds some of what is old, and lets swappers act
    function _consents(address owner) private {
        vm.prank(owner);
        custody.old.approve(address(vault), ALL);
        deposits(owner, custody.old, 100e18);
        deposits(owner, usdc, 5_000e6);
        reuses(owner, 30_00);
        vm.prank(owner);
        vault.setReuse(accountOf(owner), address(usdcPool), 50_00);
        for (uint256 s; s < 2; ++s) {
            vm.prank(owner);
            vault.setOperator(accountOf(owner), address(custody.swappers[s]), 11, block.timestamp + 30 days);
        }
    }

    /// others were in a venue before it was listed, so that its share is small
    function _depositsOutside(address venue) private {
        weth.mint(address(this), 10e18);
        weth.approve(venue, 10e18);
        IERC4626(venue).deposit(10e18, address(this));
    }

    // ---- campaigns ----

    function invariant_CUSTODY_promisesHold() external view {
        assertEq(handler.violation(), "");
    }

    /// A12
    function afterInvariant() external {
        _everybodyLeavesCustody();
    }

    /// A12, with what is in venues and in wallets
    function _everybodyLeavesCustody() private {
        passes(1);
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        bad.setLiquidity(ALL);
        sleeve.setVenue(address(bad), IVenueAllocator.VenueTerms(1_000_000e18, 100_00, 500));
        for (uint256 i; i < 4; ++i) _paysBack(cast.owners[i]);
        for (uint256 s; s < 2; ++s) {
            if (vault.recallQueueOf(custody.sleeves[s]).served != vault.recallQueueOf(custody.sleeves[s]).issued)
                vault.serveRecalls(custody.sleeves[s], ALL);
            for (uint256 i; i < 4; ++i) _takesAll(cast.owners[i], custody.sleeves[s]);
            _redeemsAll(cast.keeper, custody.sleeves[s]);
        }
        for (uint256 i; i < 4; ++i) {
            _takesAll(cast.owners[i], address(usdc));
            _takesAll(cast.owners[i], address(custody.old));
        }
        _everybodyLeaves();
    }

    function _paysBack(address owner) private {
        (uint256 shares, ) = vault.debtOf(accountOf(owner), USDC);
        if (shares != 0) repays(owner, USDC, ALL);
        (shares, ) = vault.debtOf(accountOf(owner), DAI);
        if (shares != 0) repays(owner, DAI, ALL);
    }

    /// whatever a sleeve pays, its shares can be taken out and redeemed
    function _takesAll(address owner, address asset) private {
        if (vault.holdingOf(accountOf(owner), asset) != 0) {
            vm.prank(owner);
            vault.withdraw(accountOf(owner), asset, ALL, owner);
        }
        if (asset == custody.sleeves[0] || asset == custody.sleeves[1]) _redeemsAll(owner, asset);
    }

    function _redeemsAll(address holder, address asset) private {
        uint256 shares = IERC4626(asset).balanceOf(holder);
        if (IERC4626(asset).previewRedeem(shares) == 0) return;
        vm.prank(holder);
        IERC4626(asset).redeem(shares, holder, holder);
    }

    /// some hundred actions of one sequence reach everything of custody that the promises are about
    function test_aLongCampaignOfCustodyReachesEverything() external {
        for (uint256 i; i < 1_200; ++i) {
            _act(uint256(keccak256(abi.encode("custody", i))), i);
            string memory broken = handler.violation();
            if (bytes(broken).length != 0) fail(string.concat(broken, ", at step ", vm.toString(i)));
        }
        CustodyHandler.CustodyReached memory reached = custodian.custodyCounts();
        assertGe(reached.consents, 10, "consents");
        assertGe(reached.recalls, 8, "recalls");
        assertGe(reached.trims, 1, "trims");
        assertGe(reached.served, 5, "served");
        assertGe(reached.allocations, 5, "allocations");
        assertGe(reached.pulls, 4, "pulls");
        assertGe(reached.venueLosses, 2, "losses of venues");
        assertGe(reached.handedOver, 1, "shares that were seized");
        assertGe(reached.redeemed, 2, "shares that were redeemed outside");
        assertGe(reached.swaps, 2, "swaps");
        assertGe(reached.greedySwaps, 2, "swaps on a greedy venue");
        assertGe(reached.returned, 1, "returned");
        assertGe(reached.harvests, 4, "harvests");
        assertGe(reached.claims, 8, "claims");
        assertGe(reached.compounded, 2, "compounded");
        assertGe(reached.operated, 2, "operated");
        assertGe(reached.lockdowns, 2, "lockdowns");
        Handler.Reached memory common = handler.counts();
        assertGe(common.liquidations, 2, "liquidations");
        assertGe(common.writeOffs, 1, "write-offs");
        assertGe(common.losses, 1, "losses");
        _everybodyLeavesCustody();
    }

    function _act(uint256 random, uint256 step) private {
        (uint256 a, uint256 b, uint256 c) = (random >> 8, random >> 72, random >> 136);
        a &= type(uint64).max;
        b &= type(uint64).max;
        c &= type(uint96).max;
        if (step == 0) custodian.delist();
        else if (random % 5 < 2) _actOfOld(random >> 3, a, b, c);
        else if (random % 5 < 4) _actOfReuse((random >> 3) % 16, a, b, c);
        else _actOfRest((random >> 3) % 14, a, b, c);
    }

    function _actOfOld(uint256 random, uint256 a, uint256 b, uint256 c) private {
        uint256 kind = random % 19;
        if (kind < 1) custodian.deposit(a, b, c);
        else if (kind < 2) custodian.withdraw(a, b, c);
        else if (kind < 4) custodian.leverage(a, b, c);
        else if (kind < 5) custodian.borrow(a, b, c);
        else if (kind < 7) custodian.repay(a, b, c);
        else if (kind < 8) custodian.batch(a, b, [c, c >> 7, c >> 13]);
        else if (kind < 9) custodian.substitute(a, b, c);
        else if (kind < 10) custodian.issue(a);
        else if (kind < 12) custodian.liquidate(a, b, c);
        else if (kind < 13) custodian.writeOff(a);
        else if (kind < 14) custodian.crash(b);
        else if (kind < 15) custodian.move(a, b);
        else if (kind < 18) custodian.pass(c % 3 == 0 ? 16 : c);
        else if (b % 3 == 0) custodian.recover(b, c);
        else b % 3 == 1 ? custodian.flagLoss(a) : custodian.clear(a);
    }

    function _actOfReuse(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        if (kind < 4) custodian.reuse(a, b, c);
        else if (kind < 5) _repaysAndIsTrimmed(a, c);
        else if (kind < 6) custodian.requestRecall(a, b, c);
        else if (kind < 9) custodian.serve(a, b);
        else if (kind < 11) custodian.allocate(a, c);
        else if (kind < 12) custodian.pull(a, c);
        else if (kind < 13) custodian.refill(a);
        else if (kind < 14) custodian.mood(a, b);
        else if (kind < 15) custodian.fortune(a, c);
        else a % 2 == 0 ? custodian.takeShares(a, b, c) : custodian.redeem(a, b, c);
    }

    /// who owes nothing any more reuses more than the cap, once nobody waits, and needs nothing that is delisted
    function _repaysAndIsTrimmed(uint256 a, uint256 c) private {
        if (c % 3 == 0) {
            for (uint256 p; p < 2; ++p) custodian.repay(a, 0, 0);
            custodian.serve(0, 4);
            custodian.returnDelisted(a);
        }
        custodian.trim(a);
    }

    function _actOfRest(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        if (kind < 1) custodian.fund(a, c);
        else if (kind < 2) custodian.harvest(c);
        else if (kind < 4) custodian.claim(a, b);
        else if (kind < 5) custodian.setCompounding(a, b % 2 == 0);
        else if (kind < 6) custodian.appoint(a, b, c);
        else if (kind < 8) custodian.operate(a, b, c);
        else if (kind < 9) b % 5 == 0 ? custodian.lockdown(a) : custodian.post(a, b, c);
        else if (kind < 12) custodian.swap(a, b, c);
        else custodian.returnDelisted(a);
        // the new operator acts while it may
        if (kind == 5) for (uint256 k; k < 3; ++k) custodian.operate(a, b + k, c >> k);
    }

    // ---- canaries: a harness that is dead does not notice these ----

    function test_canary_aLossWithoutAVenueIsNoticed() external {
        FaultyCustodian faulty = new FaultyCustodian(cast, custody);
        faulty.lose();
        assertEq(faulty.violation(), "E5: a sleeve's share fell without a loss");
    }

    function test_canary_aLossOfWhoDidNotConsentIsNoticed() external {
        reuses(alice, 0);
        FaultyCustodian faulty = new FaultyCustodian(cast, custody);
        faulty.spread();
        assertEq(faulty.violation(), "V-01: a venue cost more than was reused");
    }

    function test_canary_aWeakeningRecallIsNoticed() external {
        FaultyCustodian faulty = new FaultyCustodian(cast, custody);
        faulty.weaken();
        assertEq(faulty.violation(), "E9: a recall went the wrong way");
    }

    function test_canary_aRewardWithoutFundsIsNoticed() external {
        _paysUnseen();
        assertEq(handler.checkSums(), "F2: what was funded is owed or paid");
    }

    function _paysUnseen() private {
        custody.arb.mint(address(this), 1e18);
        custody.arb.approve(address(custody.distributor), 1e18);
        custody.distributor.fund(address(weth), address(custody.arb), 1e18);
    }
}

/// Does what custody never does.
contract FaultyCustodian is CustodyHandler {
    constructor(Cast memory newCast, CustodyCast memory newCustody) CustodyHandler(newCast, newCustody) {}

    /// a loss in the middle of a lender's action
    function lose() external {
        Sight memory before = _look();
        custody.bad.loses(1e18);
        _judge(before, Actor.LENDER, 4);
    }

    /// a price that moves with a venue
    function spread() external {
        Sight memory before = _look();
        cast.feeds[2].push(1_900e8, uint64(block.timestamp));
        _judge(before, Actor.VENUE, 4);
    }

    /// an owner's withdrawal that passes for a recall
    function weaken() external {
        Sight memory before = _look();
        vm.prank(cast.owners[0]);
        cast.vault.withdraw(_accountOf(0), address(cast.collaterals[0]), 1e15, cast.owners[0]);
        _judge(before, Actor.RECALLER, 4);
    }
}
