import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * A stand-in for MongoDB, for tests only: mongo-java-server on its H2 backend, made durable per command.
 * Arguments: file, port. Prints "ready" when it accepts connections.
 */
public final class MongoStandIn {
  private static final Set<String> WRITES = Set.of(
      "insert", "update", "delete", "findandmodify", "createindexes", "dropindexes", "create", "drop", "dropdatabase", "renamecollection");

  /** The driver refuses servers below wire version 9; 13 is MongoDB 5.0's. */
  private static final MongoVersion VERSION = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  };

  /** One command at a time; a write is in the file before it is answered; no reply shares objects with the store. */
  private static final class DurableBackend extends H2Backend {
    DurableBackend(MVStore store) {
      super(store);
    }

    @Override
    public synchronized Document handleMessage(MongoMessage message) {
      String command = message.getDocument().keySet().iterator().next().toLowerCase();
      try {
        return super.handleMessage(message).cloneDeeply();
      } finally {
        commitAfter(command);
      }
    }

    @Override
    public synchronized Document handleCommand(Channel channel, String database, String command, Document query) {
      try {
        return super.handleCommand(channel, database, command, query).cloneDeeply();
      } finally {
        commitAfter(command.toLowerCase());
      }
    }

    @Override
    public synchronized QueryResult handleQuery(MongoQuery query) {
      QueryResult result = super.handleQuery(query);
      List<Document> copies = new ArrayList<>();
      for (Document document : result) copies.add(document.cloneDeeply());
      return new QueryResult(copies, result.getCursorId());
    }

    /** Also after a failed write: of a batch, the part before the failure is stored. */
    private void commitAfter(String command) {
      if (WRITES.contains(command)) commit();
    }
  }

  public static void main(String[] arguments) throws Exception {
    // No commit in the background: it could put half of a command into the file.
    MVStore store = new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().open();
    // Old versions of pages are of no use here, and keeping them would let the file grow without bound.
    store.setRetentionTime(0);
    DurableBackend backend = new DurableBackend(store);
    backend.version(VERSION);
    MongoServer server = new MongoServer(backend);
    server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("ready");
    System.out.flush();
  }
}
