using System.Collections.Immutable;

namespace Loire.Projections;

/// <summary>
/// What a comparison of dead letters rests on, read before them. Letters are changed and removed only by commits that count a
/// number up; those that move a position write letters of later events and touch no others. So as long as the numbers are the
/// same, the letters of events that both generations had come to are the same too.
/// </summary>
/// <param name="Changes">The numbers of all partitions, of the live generation and of the one that is to take over.</param>
/// <param name="Upto">Up to where both had come, by partition of the one that is to take over.</param>
[GenerateSerializer, Immutable, Alias("loire.compared-letters")]
public sealed record ComparedLetters([property: Id(0)] string Changes, [property: Id(1)] ImmutableArray<long> Upto);
