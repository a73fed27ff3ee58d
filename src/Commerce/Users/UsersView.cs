using Loire.Projections;

namespace Commerce.Users;

public sealed class UsersView : Projection<UserView>
{
    public UsersView()
        : base("users")
    {
        On<UserEvent.Registered>((_, e, info) => new UserView(info.AggregateId, e.Name, e.Email, IsActive: true));
        On<UserEvent.Updated>((view, e, _) => view! with
        {
            Name = e.Changes.NewValues.GetValueOrDefault("name", view.Name),
            Email = e.Changes.NewValues.GetValueOrDefault("email", view.Email),
        });
        On<UserEvent.Deactivated>((view, _, _) => view! with { IsActive = false });
        On<UserEvent.Reactivated>((view, _, _) => view! with { IsActive = true });
    }
}

public sealed record UserView(string Id, [property: Searchable] string Name, [property: Searchable] string Email, bool IsActive);
