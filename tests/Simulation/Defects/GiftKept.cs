using Commerce.Users;

namespace Loire.Simulation.Defects;

/// <summary>Leaves the gift in the account of somebody who does not become a customer after all.</summary>
internal static class GiftKept
{
    public static UserOnboarding Plant(UserOnboarding saga)
    {
        saga.Steps.Single(s => s.Name == "welcome-deposit").Undo = _ => [];
        return saga;
    }
}
