namespace Loire.Engine;

/// <summary>A queue of requests, linked through the requests themselves. Not safe for concurrent use.</summary>
internal struct RequestList
{
    public GrainRequest? First { readonly get; private set; }

    private GrainRequest? _last;

    public int Count { readonly get; private set; }

    public void Add(GrainRequest request)
    {
        request.Previous = _last;
        request.Next = null;
        if (_last is null)
        {
            First = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
        Count++;
    }

    public void Remove(GrainRequest request)
    {
        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            _last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Next = request.Previous = null;
        Count--;
    }

    public readonly GrainRequest[] ToArray()
    {
        var all = new GrainRequest[Count];
        var i = 0;
        for (var request = First; request is not null; request = request.Next)
        {
            all[i++] = request;
        }

        return all;
    }

    /// <summary>Takes everything out.</summary>
    public GrainRequest[] Drain()
    {
        var all = new GrainRequest[Count];
        for (var i = 0; First is { } request; i++)
        {
            all[i] = request;
            Remove(request);
        }

        return all;
    }
}
