namespace Penstock.Transport.Epoll;

/// <summary>Wants to know at once when the other side of a connection leaves.</summary>
internal interface IPeerWatch
{
    /// <summary>Called on the event loop: nothing may be done here that takes time.</summary>
    void PeerLeft();
}
