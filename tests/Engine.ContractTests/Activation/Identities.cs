namespace Loire.Engine.ContractTests.Activation;

public sealed class Identities
{
    [Fact]
    public async Task The_type_in_an_identity_chooses_among_classes()
    {
        await using var host = await TestHost.Start();
        (await host.Client.GetGrain<IShape>(GrainId.Create("circle", "x")).Name()).ShouldBe("circle");
        (await host.Client.GetGrain<IShape>(GrainId.Create("square", "x")).Name()).ShouldBe("square");
    }

    [Fact]
    public async Task A_prefix_of_the_class_name_chooses_among_classes()
    {
        await using var host = await TestHost.Start();
        (await host.Client.GetGrain<IShape>("x", typeof(CircleGrain).FullName).Name()).ShouldBe("circle");
    }

    [Fact]
    public async Task An_interface_with_several_classes_needs_a_choice()
    {
        await using var host = await TestHost.Start();
        Should.Throw<ArgumentException>(() => host.Grain<IShape>());
    }

    [Fact]
    public async Task A_reference_can_be_taken_as_another_interface()
    {
        await using var host = await TestHost.Start();
        var square = host.Grain<ISquareGrain>("x");
        var shape = square.AsReference<IShape>();
        (await shape.Name()).ShouldBe("square");
        shape.GetGrainId().ShouldBe(GrainId.Create("square", "x"));
    }

    [Fact]
    public async Task References_to_the_same_grain_are_equal()
    {
        await using var host = await TestHost.Start();
        host.Grain<ISquareGrain>("x").ShouldBe(host.Grain<ISquareGrain>("x"));
        host.Grain<ISquareGrain>("x").ShouldNotBe(host.Grain<ISquareGrain>("y"));
    }

    [Fact]
    public async Task Keys_are_guids_numbers_and_extensions_too()
    {
        await using var host = await TestHost.Start();
        var key = Guid.NewGuid();
        (await host.Client.GetGrain<IKeyGrain>(key).Key()).ShouldBe(key);
        var number = host.Client.GetGrain<INumberGrain>(-42, "north");
        (await number.Key()).ShouldBe(-42);
        (await number.Extension()).ShouldBe("north");
    }

    [Fact]
    public void An_identity_reads_back_from_its_text()
    {
        var id = GrainId.Create("order", "2024/17");
        GrainId.Parse(id.ToString()).ShouldBe(id);
    }
}
