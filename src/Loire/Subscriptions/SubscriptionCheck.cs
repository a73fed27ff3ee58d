namespace Loire.Subscriptions;

/// <summary>Refuses subscriptions that could not be told apart, or would share a checkpoint, before anything runs.</summary>
internal static class SubscriptionCheck
{
    /// <exception cref="InvalidOperationException">There are some; all that is wrong is said, with the names.</exception>
    public static void ThrowIfAnyIsWrong(IReadOnlyList<SubscriptionDefinition> all)
    {
        var problems = Twice(all).Concat(NamedAsAView(all)).Concat(all.SelectMany(Problems)).ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<SubscriptionDefinition> all) => all
        .GroupBy(s => s.Name, StringComparer.Ordinal)
        .Where(same => same.Count() > 1)
        .Select(same => $"The name '{same.Key}' is used by {string.Join(" and ", same.Select(Describe))}.");

    // Whoever asks for the subscription "orders" means that of the view.
    private static IEnumerable<string> NamedAsAView(IReadOnlyList<SubscriptionDefinition> all) =>
        from view in all
        where view.View is not null
        from other in all
        where other.Name == view.View
        select $"The name '{other.Name}' is used by {Describe(other)}, and it is that of the view of {Describe(view)}.";

    private static IEnumerable<string> Problems(SubscriptionDefinition subscription)
    {
        var name = subscription.Name;
        if (name.Length is < 1 or > 200)
        {
            yield return $"A subscription's name has 1 to 200 characters, which that of {Describe(subscription)} has not.";
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            yield return $"'{name}' cannot be the name of {Describe(subscription)}: behind a '/' stands the partition.";
        }

        if (subscription.View is null && name.Contains('@', StringComparison.Ordinal))
        {
            yield return $"'{name}' cannot be the name of {Describe(subscription)}: behind an '@' stands the version of a view.";
        }

        if (SystemViews.UseOf(name) is { } use)
        {
            yield return $"'{name}' cannot be the name of {Describe(subscription)}: under it the platform keeps {use}.";
        }
    }

    private static string Describe(SubscriptionDefinition subscription) => subscription.DeclaredBy is { } type
        ? $"{type} ({subscription.Kind})"
        : $"a subscription of the kind '{subscription.Kind}'";
}
