using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Commerce.Users;

/// <summary>Makes somebody a customer: registers them, waits until they have confirmed their address, opens an account with a gift.</summary>
public sealed class UserOnboarding : Saga<UserOnboarding.Context>
{
    public const string Name = "user-onboarding";

    public UserOnboarding()
        : base(Name)
    {
        Step("register-user")
            .Execute(user => [Send("user", user.UserId, new UserCommand.Register(user.Name, user.Email))])
            .Compensate(user => [Send("user", user.UserId, new UserCommand.Deactivate("The onboarding was not completed."))]);
        Step("verify-email")
            .WaitsForAnswer()
            .Timeout(TimeSpan.FromDays(1));
        Step("open-account")
            .Execute(user => [Send("account", user.AccountId, new AccountCommand.Open(user.UserId, Money.Zero))])
            .Compensate(user => [Send("account", user.AccountId, new AccountCommand.Close())]);
        Step("welcome-deposit")
            .Execute(user => user.Gift == Money.Zero ? [] : [Send("account", user.AccountId, new AccountCommand.Deposit(user.Gift))])
            .Compensate(user => user.Gift == Money.Zero ? [] : [Send("account", user.AccountId, new AccountCommand.Withdraw(user.Gift))]);
    }

    /// <param name="UserId">The user's id.</param>
    /// <param name="Name">Their name.</param>
    /// <param name="Email">The address that they have to confirm.</param>
    /// <param name="AccountId">Id of the account that is opened for them.</param>
    /// <param name="Gift">What they find in it.</param>
    public sealed record Context(string UserId, string Name, string Email, string AccountId, Money Gift);
}

[GrainType(UserOnboarding.Name)]
public sealed class UserOnboardingGrain : SagaGrain<UserOnboarding>;
