// The only translation unit that includes Boost: it takes 20 seconds to compile.
#include "crossfade/service/http_server.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <csignal>
#include <optional>
#include <thread>
#include <vector>

namespace crossfade {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::int64_t kLingerMs = 1000;     // how long what a refused client sends is thrown away
constexpr std::size_t kFirstBuffer = 4096;   // bytes read at once; grows to header_bytes
constexpr std::size_t kBatchBytes = 65536;   // answers to pipelined requests leave in such pieces
constexpr std::int64_t kRefusedAtOnce = 64;  // connections beyond the limit that still get a 503

// One request. Keeps the few header fields that matter instead of a container of all.
class RequestParser final : public http::basic_parser<true> {
 public:
  // Where the texts of a request are kept; a connection uses the same memory for all.
  struct Texts {
    std::string method, target, content_type, body;
  };

  RequestParser(const HttpLimits& limits, Texts& texts) : limits_(limits), texts_(texts) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(static_cast<std::uint64_t>(limits.body_bytes));
    texts.content_type.clear();
    texts.body.clear();
  }

  bool expects_continue() const { return expects_continue_; }
  int hosts() const { return hosts_; }
  int version() const { return version_; }  // 10 or 11
  // What to answer when parsing failed with `ec`.
  int status_of(error_code ec) const {
    if (ec == http::error::body_limit) return 413;
    if (target_too_long_ || (ec == http::error::header_limit && !has_line_)) return 414;
    return ec == http::error::header_limit ? 431 : 400;
  }

 private:
  void on_request_impl(http::verb, boost::beast::string_view method,
                       boost::beast::string_view target, int version, error_code& ec) override {
    has_line_ = true;
    version_ = version;
    texts_.method.assign(method.data(), method.size());
    texts_.target.assign(target.data(), target.size());
    target_too_long_ = target.size() > static_cast<std::size_t>(limits_.target_bytes);
    if (target_too_long_) ec = http::error::bad_target;
  }
  void on_field_impl(http::field name, boost::beast::string_view, boost::beast::string_view value,
                     error_code&) override {
    if (has_header_) return;  // a trailer after chunks
    if (name == http::field::content_type) {
      texts_.content_type.assign(value.data(), value.size());
    } else if (name == http::field::host) {
      ++hosts_;
    } else if (name == http::field::expect) {
      expects_continue_ = boost::beast::iequals(value, "100-continue");
    }
  }
  void on_header_impl(error_code&) override { has_header_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // Memory for long bodies is taken as they come, not as they are announced.
    if (length) texts_.body.reserve(std::min<std::uint64_t>(*length, kBatchBytes));
  }
  std::size_t on_body_impl(boost::beast::string_view piece, error_code&) override {
    texts_.body.append(piece.data(), piece.size());
    return piece.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece,
                                 error_code&) override {
    texts_.body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const HttpLimits& limits_;
  Texts& texts_;
  bool has_line_ = false, has_header_ = false, target_too_long_ = false, expects_continue_ = false;
  int hosts_ = 0, version_ = 11;
};

class Connection;

// What all threads share.
struct Shared {
  HttpLimits limits;
  HttpHandler& handler;
  const Clock& clock;
  std::atomic<std::int64_t> open{0};  // connections of all threads
};

// One I/O thread: its loop, its connections, its idea of the time.
class Worker {
 public:
  explicit Worker(Shared& all) : shared(all), timer_(loop) { tick(); }

  void adopt(tcp::socket socket, bool refused);
  void release(Connection& connection);
  // Idle connections may send one more request within drain_ms; the loop ends with the last one.
  void drain();
  std::int64_t now_ms() const { return now_ms_; }
  bool draining() const { return draining_; }
  const ResponseWriter& writer() const { return writer_; }

  asio::io_context loop{1};
  Shared& shared;

 private:
  void tick();
  void end_if_empty();

  asio::steady_timer timer_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::int64_t now_ms_ = 0, cut_ms_ = 0;
  bool draining_ = false;
  ResponseWriter writer_;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Worker& worker, tcp::socket socket)
      : worker_(worker), socket_(std::move(socket)), input_(kFirstBuffer) {}

  void start(bool refused);
  // Called every tick; closes when the deadline of the present state has passed.
  void check_deadline();
  void close();
  bool is_idle() const { return phase_ == Phase::kIdle; }
  void set_deadline(std::int64_t ms) { deadline_ms_ = worker_.now_ms() + ms; }

  std::size_t slot = 0;  // where the worker keeps it

 private:
  // kLingering: the last answer is out; what still comes in is thrown away until the client
  // closes, because closing with unread bytes would reset the connection and lose the answer.
  enum class Phase { kIdle, kReading, kWriting, kLingering, kClosed };

  const HttpLimits& limits() const { return worker_.shared.limits; }
  void read();
  void on_read(error_code ec, std::size_t bytes);
  void serve();
  bool parse_one();
  void answer(bool keep_alive);
  void refuse(int status, std::string_view message);
  bool make_room();
  void write();
  void on_written(error_code ec);
  void finish();

  Worker& worker_;
  tcp::socket socket_;
  std::vector<char> input_;
  std::size_t begin_ = 0, end_ = 0;  // the bytes of input_ not yet parsed
  std::optional<RequestParser> parser_;
  RequestParser::Texts texts_;
  std::string decoded_path_, output_;
  HttpResponse response_;
  Phase phase_ = Phase::kIdle;
  bool last_ = false;  // close after what is in output_
  bool said_continue_ = false;
  std::int64_t deadline_ms_ = 0;
};

void Connection::start(bool refused) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  if (refused) {
    refuse(503, "The server has as many connections as it may have. Please try again later.");
    return write();
  }
  read();
}

void Connection::read() {
  if (phase_ != Phase::kLingering) {
    const bool within_request = parser_ && parser_->got_some();
    if (!within_request) {
      phase_ = Phase::kIdle;
      set_deadline(worker_.draining() ? limits().drain_ms : limits().idle_timeout_ms);
    } else if (phase_ != Phase::kReading) {
      phase_ = Phase::kReading;
      set_deadline(limits().read_timeout_ms);
    }
  }
  socket_.async_read_some(
      asio::buffer(input_.data() + end_, input_.size() - end_),
      [self = shared_from_this()](error_code ec, std::size_t bytes) { self->on_read(ec, bytes); });
}

void Connection::on_read(error_code ec, std::size_t bytes) {
  if (phase_ == Phase::kClosed) return;
  if (ec) {
    // A client may close its sending half after a whole request, never within one.
    const bool cut_short = ec == asio::error::eof && phase_ == Phase::kReading;
    if (!cut_short) return close();
    refuse(400, "The request ended before it was complete.");
    return write();
  }
  if (phase_ == Phase::kLingering) return read();
  end_ += bytes;
  serve();
}

// Parses and answers what has come in; then writes the answers, or reads on.
void Connection::serve() {
  while (phase_ != Phase::kClosed) {
    while (!last_ && output_.size() < kBatchBytes && parse_one()) {
    }
    if (output_.empty()) return read();
    error_code ec;
    const std::size_t sent = socket_.write_some(asio::buffer(output_), ec);
    if (ec && ec != asio::error::would_block) return close();
    if (ec || sent < output_.size()) {
      output_.erase(0, ec ? 0 : sent);
      return write();
    }
    output_.clear();
    if (last_) return finish();
    if (begin_ == end_) return read();
  }
}

// One step of the parser. False: it needs more bytes than have come.
bool Connection::parse_one() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    return false;
  }
  if (!parser_) {
    if (input_[begin_] == '\r' || input_[begin_] == '\n') {  // between requests (RFC 9112, 2.2)
      ++begin_;
      return true;
    }
    parser_.emplace(limits(), texts_);
    said_continue_ = false;
  }
  error_code ec;
  begin_ += parser_->put(asio::buffer(input_.data() + begin_, end_ - begin_), ec);
  if (ec == http::error::need_more) {
    if (make_room()) return false;
    refuse(parser_->is_header_done() ? 400 : 431, "A line of the request is too long.");
  } else if (ec) {
    const int status = parser_->status_of(ec);
    refuse(status, status == 400 ? "The request is not valid HTTP/1.1: " + ec.message() + "."
                                 : std::string(reason_phrase(status)) +
                                       ": the request is larger than this server takes.");
  } else if (parser_->is_done()) {
    const bool no_host = parser_->version() == 11 && parser_->hosts() != 1;
    const bool keep_alive = parser_->keep_alive() && !worker_.draining();
    if (no_host)
      refuse(400, "A request of HTTP/1.1 has exactly one Host header.");
    else
      answer(keep_alive);
    parser_.reset();
    phase_ = Phase::kIdle;
  } else if (parser_->expects_continue() && !said_continue_ && begin_ == end_) {
    output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    said_continue_ = true;
  }
  return true;
}

// Room behind the bytes that wait for more: moves them to the front, grows up to the limit.
bool Connection::make_room() {
  if (begin_ > 0) {
    std::copy(input_.begin() + static_cast<std::ptrdiff_t>(begin_),
              input_.begin() + static_cast<std::ptrdiff_t>(end_), input_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ < input_.size()) return true;
  const std::size_t limit = static_cast<std::size_t>(limits().header_bytes) + kFirstBuffer;
  if (input_.size() >= limit) return false;
  input_.resize(std::min(input_.size() * 2, limit));
  return true;
}

void Connection::answer(bool keep_alive) {
  HttpRequest request{texts_.method, texts_.target, {}, {}, texts_.content_type, texts_.body};
  split_target(request, decoded_path_);
  response_.clear();
  try {
    worker_.shared.handler.handle(request, response_);
  } catch (const std::exception& error) {  // memory that is not there: this request's loss alone
    set_error(response_, 500, error.what());
  }
  worker_.writer().append(
      response_, {keep_alive, parser_->version() == 10, request.method == "HEAD"}, output_);
  if (!keep_alive) last_ = true;
  if (texts_.body.capacity() > kBatchBytes) std::string().swap(texts_.body);
}

void Connection::refuse(int status, std::string_view message) {
  set_error(response_, status, message);
  worker_.writer().append(response_, {.keep_alive = false}, output_);
  last_ = true;
}

// Sends what write_some could not send at once.
void Connection::write() {
  phase_ = Phase::kWriting;
  set_deadline(limits().write_timeout_ms);
  asio::async_write(
      socket_, asio::buffer(output_),
      [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); });
}

void Connection::on_written(error_code ec) {
  if (phase_ == Phase::kClosed) return;
  if (ec) return close();
  output_.clear();
  if (last_) return finish();
  phase_ = Phase::kIdle;
  if (begin_ < end_) return serve();
  read();
}

void Connection::finish() {
  error_code ec;
  socket_.shutdown(tcp::socket::shutdown_send, ec);
  if (ec) return close();
  phase_ = Phase::kLingering;
  set_deadline(kLingerMs);
  begin_ = end_ = 0;
  read();
}

void Connection::check_deadline() {
  if (worker_.now_ms() < deadline_ms_ || phase_ == Phase::kClosed) return;
  if (phase_ != Phase::kReading) return close();
  refuse(408, "The request did not arrive in time.");
  error_code ec;
  socket_.write_some(asio::buffer(output_), ec);
  if (!ec) socket_.shutdown(tcp::socket::shutdown_send, ec);
  if (ec) return close();
  phase_ = Phase::kLingering;  // the read that waits goes on, and throws away what it gets
  set_deadline(kLingerMs);
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  worker_.release(*this);
}

void Worker::adopt(tcp::socket socket, bool refused) {
  auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connection->slot = connections_.size();
  connections_.push_back(connection);
  connection->start(refused);
}

void Worker::release(Connection& connection) {
  const std::size_t slot = connection.slot;
  connections_.back()->slot = slot;
  std::swap(connections_[slot], connections_.back());
  connections_.pop_back();
  shared.open.fetch_sub(1, std::memory_order_relaxed);
  end_if_empty();
}

void Worker::drain() {
  if (draining_) return;
  draining_ = true;
  cut_ms_ = now_ms_ + shared.limits.stop_timeout_ms;
  for (const auto& connection : connections_)
    if (connection->is_idle()) connection->set_deadline(shared.limits.drain_ms);
  end_if_empty();
}

void Worker::end_if_empty() {
  if (draining_ && connections_.empty()) timer_.cancel();
}

void Worker::tick() {
  now_ms_ = shared.clock.steady_ns() / 1000000;
  writer_.set_time(shared.clock.now_ns() / 1000000000);
  const bool cut = draining_ && now_ms_ >= cut_ms_;
  // Backwards, because closing one moves the last into its place.
  for (std::size_t i = connections_.size(); i-- > 0;) {
    const auto connection = connections_[i];
    if (cut)
      connection->close();
    else
      connection->check_deadline();
  }
  if (draining_ && connections_.empty()) return;
  timer_.expires_after(kTick);
  timer_.async_wait([this](error_code ec) {
    if (!ec) tick();
  });
}

}  // namespace

struct HttpServer::State {
  State(const HttpLimits& limits, HttpHandler& handler, const Clock& clock)
      : shared{limits, handler, clock},
        acceptor(accept_loop()),
        retry(accept_loop()),
        signals(accept_loop()) {}

  // The first worker's loop, made here because the acceptor needs one before run() is called.
  asio::io_context& accept_loop() {
    if (workers.empty()) workers.push_back(std::make_unique<Worker>(shared));
    return workers.front()->loop;
  }

  void accept();
  void hand_over(Worker& worker, tcp::socket socket);
  void stop_accepting();

  Shared shared;
  std::vector<std::unique_ptr<Worker>> workers;
  tcp::acceptor acceptor;
  asio::steady_timer retry;
  asio::signal_set signals;
  std::size_t next_worker = 0;
  int port = 0;
};

void HttpServer::State::accept() {
  // Accepted for the loop that will own it; the handler runs on the first worker's.
  Worker& worker = *workers[next_worker];
  next_worker = (next_worker + 1) % workers.size();
  acceptor.async_accept(worker.loop, [this, &worker](error_code ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) {
      hand_over(worker, std::move(socket));
      return accept();
    }
    // No descriptors left, or the client has gone: wait a little, rather than turn in circles.
    retry.expires_after(kTick);
    retry.async_wait([this](error_code aborted) {
      if (!aborted && acceptor.is_open()) accept();
    });
  });
}

void HttpServer::State::hand_over(Worker& worker, tcp::socket socket) {
  const std::int64_t open = shared.open.fetch_add(1, std::memory_order_relaxed);
  if (open >= shared.limits.connections + kRefusedAtOnce) {
    shared.open.fetch_sub(1, std::memory_order_relaxed);
    return;  // closed by its destructor
  }
  const bool refused = open >= shared.limits.connections;
  asio::post(worker.loop, [&worker, refused, socket = std::move(socket)]() mutable {
    worker.adopt(std::move(socket), refused);
  });
}

void HttpServer::State::stop_accepting() {
  if (!acceptor.is_open()) return;
  // Clients whose connection the system has already made for us are served, not reset.
  error_code ec;
  acceptor.non_blocking(true, ec);
  while (!ec) {
    Worker& worker = *workers[next_worker];
    next_worker = (next_worker + 1) % workers.size();
    tcp::socket socket(worker.loop);
    acceptor.accept(socket, ec);
    if (!ec) hand_over(worker, std::move(socket));
  }
  retry.cancel();
  signals.clear(ec);  // a second signal ends the process in its usual way
  signals.cancel(ec);
  acceptor.close(ec);
  for (const auto& worker : workers)
    asio::post(worker->loop, [&worker = *worker] { worker.drain(); });
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

int HttpServer::port() const {
  return state_->port;
}

Result<HttpServer> HttpServer::listen(const HttpAddress& address, const HttpLimits& limits,
                                      HttpHandler& handler, const Clock& clock) {
  error_code ec;
  const auto host =
      asio::ip::make_address(address.host == "localhost" ? "127.0.0.1" : address.host, ec);
  if (ec)
    return usage_error("the host '" + address.host +
                       "' is not a numeric address; use 127.0.0.1 for this machine only, 0.0.0.0 "
                       "for all its networks");
  auto state = std::make_unique<State>(limits, handler, clock);
  const tcp::endpoint endpoint(host, static_cast<std::uint16_t>(address.port));
  state->acceptor.open(endpoint.protocol(), ec);
  if (!ec) state->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) state->acceptor.bind(endpoint, ec);
  if (!ec) state->acceptor.listen(asio::socket_base::max_listen_connections, ec);
  const std::string where = address.host + " port " + std::to_string(address.port);
  if (ec == asio::error::address_in_use)
    return failed("cannot listen on " + where +
                  ": another program uses it; stop that program or choose another --port "
                  "(0 picks a free one)");
  if (ec) return failed("cannot listen on " + where + ": " + ec.message());
  state->port = state->acceptor.local_endpoint(ec).port();
  // Every connection is a descriptor: take as many as the system lets us.
  if (rlimit files{}; getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  return HttpServer(std::move(state));
}

void HttpServer::run(int threads) {
  auto& workers = state_->workers;
  while (static_cast<int>(workers.size()) < threads)
    workers.push_back(std::make_unique<Worker>(state_->shared));
  state_->accept();
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < workers.size(); ++i)
    others.emplace_back([&loop = workers[i]->loop] { loop.run(); });
  workers.front()->loop.run();
  for (std::thread& thread : others) thread.join();
}

void HttpServer::stop_on_signals() {
  error_code ignored;
  state_->signals.add(SIGTERM, ignored);
  state_->signals.add(SIGINT, ignored);
  state_->signals.async_wait([state = state_.get()](error_code ec, int) {
    if (!ec) state->stop_accepting();
  });
}

void HttpServer::stop() {
  // Not through `workers`, which run() may be filling just now.
  asio::post(state_->acceptor.get_executor(), [state = state_.get()] { state->stop_accepting(); });
}

}  // namespace crossfade
